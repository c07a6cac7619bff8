"""Signing in: one refusal for all, the same work for all, nothing opened that was closed."""

from dataclasses import replace

import pytest

from services.acces.domain.comptes import Compte
from services.acces.usecases.connexion import IdentifiantsRefuses, se_connecter
from tests.unit.acces.fabrique import INSTRUCTRICE, MAINTENANT, banc, compte

BON = "Bonjour!1"


@pytest.mark.parametrize("nom", ["celine", "CELINE", " celine@Academie.example "])
async def test_one_signs_in_by_name_or_address(nom: str) -> None:
    ici = banc(compte("celine"))
    connecte, jeton = await se_connecter(ici.moyens, nom, BON)

    assert ici.memoire.sessions[jeton].titulaire == connecte.id == "celine"
    assert ici.memoire.sessions[jeton].scopes == frozenset({"academie:10"})


async def test_an_unknown_name_a_wrong_password_and_a_closed_account_are_one_refusal() -> None:
    ferme = compte("ferme", replace(INSTRUCTRICE, actif=False))
    ici = banc(compte("celine"), ferme, compte("invitee", empreinte=None))
    dits = set()
    for nom, mot_de_passe in [("x", BON), ("celine", "faux"), ("ferme", BON), ("invitee", BON)]:
        with pytest.raises(IdentifiantsRefuses) as refus:
            await se_connecter(ici.moyens, nom, mot_de_passe)
        dits.add((refus.value.status, refus.value.detail, refus.value.code))

    assert dits == {
        (401, "L'identifiant ou le mot de passe n'est pas le bon.", "identifiants_refuses")
    }
    assert len(ici.hachage.comparees) == 4, "the same work for each"


async def test_a_hash_that_became_cheap_is_made_again() -> None:
    ici = banc(compte("celine", empreinte=f"1000:{BON}"), rounds=1001)
    await se_connecter(ici.moyens, "celine", BON)

    assert ici.memoire.comptes["celine"].empreinte == f"1001:{BON}"


async def test_a_wrong_password_makes_no_hash_again() -> None:
    ici = banc(compte("celine", empreinte=f"1000:{BON}"), rounds=1001)
    with pytest.raises(IdentifiantsRefuses):
        await se_connecter(ici.moyens, "celine", "faux")

    assert ici.memoire.comptes["celine"].empreinte == f"1000:{BON}"


@pytest.mark.parametrize(
    "devenu",
    [
        compte("celine", replace(INSTRUCTRICE, actif=False)),
        compte("celine", mot_de_passe_le=MAINTENANT.replace(hour=9)),
    ],
)
async def test_an_account_closed_or_changed_while_one_signs_in_stays_closed(
    devenu: Compte,
) -> None:
    ici = banc(compte("celine"))
    ici.memoire.avant_la_transaction = lambda: ici.memoire.comptes.update(celine=devenu)

    with pytest.raises(IdentifiantsRefuses):
        await se_connecter(ici.moyens, "celine", BON)
    assert ici.memoire.sessions == {}
