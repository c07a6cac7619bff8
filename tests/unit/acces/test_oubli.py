"""Passwords forgotten and changed: links that serve once, sessions that end."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.acces.usecases.connexion import IdentifiantsRefuses
from services.acces.usecases.mot_de_passe import (
    MotDePasseFaible,
    changer,
    choisir,
    demander_oubli,
    prevenir_du_changement,
)
from services.acces.usecases.moyens import identite
from services.kernel.problem import Unauthorized
from tests.unit.acces.fabrique import INSTRUCTRICE, Banc, banc, compte

BON, AUTRE = "Bonjour!1", "Bonsoir!2"


async def _jeton(ici: Banc) -> str:
    await demander_oubli(ici.moyens, "celine")
    texte = ici.courrier.partis[-1][1].texte
    return texte.partition("#jeton=")[2].split()[0]


async def test_the_link_is_mailed_to_the_address_of_the_account_only() -> None:
    ici = banc(compte("celine"), compte("marc"))
    await demander_oubli(ici.moyens, "Celine")

    [(adresse, courriel)] = ici.courrier.partis
    assert adresse == "celine@academie.example"
    assert "https://catalogue.example/mot-de-passe#jeton=" in courriel.texte
    assert "60 minutes" in courriel.texte


@pytest.mark.parametrize("nom", ["inconnu", "ferme"])
async def test_nobody_is_written_to_for_an_account_unknown_or_closed(nom: str) -> None:
    ici = banc(compte("ferme", replace(INSTRUCTRICE, actif=False)))
    await demander_oubli(ici.moyens, nom)

    assert (ici.courrier.partis, ici.memoire.jetons) == ([], {})


async def test_a_link_sets_the_password_once_and_ends_sessions_and_other_links() -> None:
    ici = banc(compte("celine"))
    await ici.memoire.ouvrir_session(identite(compte("celine")))
    autre, jeton = await _jeton(ici), await _jeton(ici)
    await choisir(ici.moyens, jeton, AUTRE)

    assert ici.memoire.comptes["celine"].empreinte == f"1:{AUTRE}"
    assert ici.memoire.sessions == {}
    for use in (jeton, autre):
        with pytest.raises(Unauthorized, match="plus valable"):
            await choisir(ici.moyens, use, AUTRE)


async def test_a_weak_password_leaves_the_link_as_it_was() -> None:
    ici = banc(compte("celine"))
    jeton = await _jeton(ici)
    with pytest.raises(MotDePasseFaible) as refus:
        await choisir(ici.moyens, jeton, "invalid")

    assert refus.value.status == 400
    assert "une lettre majuscule" in refus.value.extra["manques"]
    await choisir(ici.moyens, jeton, AUTRE)


async def test_a_link_lasts_an_hour() -> None:
    ici = banc(compte("celine"))
    jeton = await _jeton(ici)
    ici.horloge.instant += timedelta(hours=1)

    with pytest.raises(Unauthorized):
        await choisir(ici.moyens, jeton, AUTRE)


async def test_an_account_closed_meanwhile_gets_no_password() -> None:
    ici = banc(compte("celine"))
    jeton = await _jeton(ici)
    ici.memoire.comptes["celine"] = compte("celine", replace(INSTRUCTRICE, actif=False))

    with pytest.raises(Unauthorized):
        await choisir(ici.moyens, jeton, AUTRE)


async def test_who_is_signed_in_changes_it_by_telling_the_present_one() -> None:
    ici = banc(compte("celine"))
    await ici.memoire.ouvrir_session(identite(compte("celine")))
    change, jeton = await changer(ici.moyens, "celine", BON, AUTRE)

    assert change.empreinte == f"1:{AUTRE}"
    assert list(ici.memoire.sessions) == [jeton], "the others have ended"


async def test_who_does_not_know_the_present_one_changes_nothing() -> None:
    ici = banc(compte("celine"))
    with pytest.raises(IdentifiantsRefuses):
        await changer(ici.moyens, "celine", "faux", AUTRE)

    assert ici.memoire.comptes["celine"].empreinte == f"1:{BON}"


async def test_the_holder_is_told_of_a_change() -> None:
    ici = banc(compte("celine"))
    await prevenir_du_changement(ici.moyens, compte("celine"))

    [(adresse, courriel)] = ici.courrier.partis
    assert (adresse, courriel.sujet) == (
        "celine@academie.example",
        "Votre mot de passe a été changé",
    )
