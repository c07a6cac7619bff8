"""Accounts: what one may be, who changes it, and that nobody raises himself or locks all out."""

from dataclasses import replace

import pytest

from contracts.portees import Role
from services.acces.domain.comptes import FONCTIONS, Profil
from services.acces.settings import COUT_MAX
from services.acces.usecases import gerer
from services.acces.usecases.moyens import identite
from services.kernel.problem import Conflict, Forbidden, Invalid, NotFound, PreconditionFailed
from tests.unit.acces.fabrique import ADMINISTRATRICE, INSTRUCTRICE, Banc, banc, compte

EMPREINTE = "$6$rounds=1001$sel$" + "." * 86


async def _creer(ici: Banc, profil: Profil, identifiant: str = "c.d", **autres: str) -> None:
    await gerer.creer(ici.moyens, "anne", identifiant, profil, autres.get("empreinte"), COUT_MAX)


def _admin(nom: str) -> Profil:
    return replace(ADMINISTRATRICE, courriel=f"{nom}@academie.example")


async def test_an_account_opens_without_a_password_which_the_person_then_chooses() -> None:
    ici = banc()
    ouvert = await gerer.creer(ici.moyens, "anne", "celine.d", INSTRUCTRICE, None, COUT_MAX)
    await gerer.inviter(ici.moyens, ouvert.id)

    assert (ouvert.empreinte, ouvert.version, ouvert.modifie_par) == (None, 1, "anne")
    [(adresse, courriel)] = ici.courrier.partis
    assert adresse == INSTRUCTRICE.courriel
    assert {"celine.d", "7 jours"} <= {un for un in ("celine.d", "7 jours") if un in courriel.texte}
    assert ici.memoire.jetons["jeton-0"][0] == ouvert.id


async def test_a_historic_hash_is_taken_over() -> None:
    ici = banc()
    await _creer(ici, INSTRUCTRICE, empreinte=EMPREINTE)

    [ouvert] = ici.memoire.comptes.values()
    assert ouvert.empreinte == EMPREINTE


@pytest.mark.parametrize(
    "empreinte", ["password", EMPREINTE.replace("1001", "99999999"), EMPREINTE.replace("$6", "$5")]
)
async def test_a_hash_of_another_form_or_endless_to_verify_is_refused(empreinte: str) -> None:
    with pytest.raises(Invalid):
        await _creer(banc(), INSTRUCTRICE, empreinte=empreinte)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"nom": " "}, "nom_absent"),
        ({"courriel": "celine"}, "courriel_invalide"),
        ({"courriel": "a@b.fr\nBcc: c@d.fr"}, "courriel_invalide"),
        ({"portees": ("academie:dix",)}, "portee_inconnue"),
        ({"portees": ()}, "academie_absente"),
        ({"portees": ("siret:13002526500013",)}, "academie_absente"),
        ({"role": Role.MOSS}, "portee_nationale"),
        ({"role": Role.DGESCO, "portees": ("academie:10",)}, "portee_nationale"),
        ({"role": Role.ADMINISTRATEUR, "portees": ("*", "academie:10")}, "portee_nationale"),
        ({"role": Role.DEPOSANT, "portees": ()}, "portee_absente"),
        ({"fonction": "Recteur"}, "fonction_inconnu"),
        ({"tag_1": "DSDEN"}, "tag_1_inconnu"),
        ({"tag_1": "Sports"}, "fonction_absente"),
        ({"tag_1": "Autre"}, "tag_2_inconnu"),
        ({"tag_1": "Sports", "fonction": FONCTIONS[0], "tag_2": "DNE"}, "tag_2_sans_autre"),
    ],
)
async def test_a_profile_that_cannot_be_is_told_what_is_wrong(
    change: dict[str, object], code: str
) -> None:
    with pytest.raises(Invalid) as refus:
        await _creer(banc(), replace(INSTRUCTRICE, **change))  # type: ignore[arg-type]

    assert [erreur.code for erreur in refus.value.erreurs] == [code]


@pytest.mark.parametrize(
    "change",
    [
        {"portees": ("academie:10", "academie:25")},
        {"portees": ("*",)},
        {"role": Role.MOSS, "portees": ("*",)},
        {"tag_1": "Autre", "tag_2": "RCO"},
        {"tag_1": "SAIO Education", "fonction": FONCTIONS[1]},
        {"role": Role.PARTENAIRE, "portees": ()},
    ],
)
async def test_a_profile_that_can_be_is_kept(change: dict[str, object]) -> None:
    ici = banc()
    await _creer(ici, replace(INSTRUCTRICE, **change))  # type: ignore[arg-type]

    assert len(ici.memoire.comptes) == 1


@pytest.mark.parametrize("identifiant", ["", "a", "céline", "a b", "-a", "a" * 129, "a\nb"])
async def test_a_name_of_another_form_is_refused(identifiant: str) -> None:
    with pytest.raises(Invalid):
        await _creer(banc(), INSTRUCTRICE, identifiant)


async def test_a_change_is_told_to_the_open_sessions() -> None:
    ici = banc(compte("celine"))
    jeton = await ici.memoire.ouvrir_session(identite(compte("celine")))
    ailleurs = replace(INSTRUCTRICE, portees=("academie:25",))
    change = await gerer.modifier(ici.moyens, "anne", "celine", 1, ailleurs)

    assert (change.version, change.modifie_par) == (2, "anne")
    assert ici.memoire.sessions[jeton].scopes == frozenset({"academie:25"})


async def test_a_closed_account_has_neither_session_nor_link() -> None:
    ici = banc(compte("celine"))
    await ici.memoire.ouvrir_session(identite(compte("celine")))
    await gerer.inviter(ici.moyens, "celine")
    await gerer.modifier(ici.moyens, "anne", "celine", 1, replace(INSTRUCTRICE, actif=False))

    assert (ici.memoire.sessions, ici.memoire.jetons) == ({}, {})
    with pytest.raises(Conflict):
        await gerer.inviter(ici.moyens, "celine")


async def test_the_second_who_changes_an_account_is_told_of_the_first() -> None:
    ici = banc(compte("celine"))
    await gerer.modifier(ici.moyens, "anne", "celine", 1, INSTRUCTRICE)
    with pytest.raises(PreconditionFailed) as refus:
        await gerer.modifier(ici.moyens, "bruno", "celine", 1, INSTRUCTRICE)

    assert refus.value.extra == {"version": 2, "modifie_par": "anne"}


async def test_what_is_not_there_is_not_changed() -> None:
    with pytest.raises(NotFound):
        await gerer.modifier(banc().moyens, "anne", "celine", 1, INSTRUCTRICE)


@pytest.mark.parametrize(
    "change",
    [
        {"role": Role.LECTEUR},
        {"actif": False},
    ],
)
async def test_nobody_changes_his_own_powers(change: dict[str, object]) -> None:
    ici = banc(compte("anne", ADMINISTRATRICE), compte("bruno", ADMINISTRATRICE))
    with pytest.raises(Forbidden) as refus:
        await gerer.modifier(ici.moyens, "anne", "anne", 1, replace(_admin("anne"), **change))  # type: ignore[arg-type]

    assert refus.value.code == "compte_propre"


async def test_one_may_mend_ones_own_name() -> None:
    ici = banc(compte("anne", ADMINISTRATRICE))
    change = await gerer.modifier(
        ici.moyens, "anne", "anne", 1, replace(_admin("anne"), nom="Anne D.")
    )

    assert change.profil.nom == "Anne D."


@pytest.mark.parametrize("change", [{"role": Role.LECTEUR}, {"actif": False}])
async def test_the_last_administrator_stays(change: dict[str, object]) -> None:
    ferme = compte("bruno", replace(ADMINISTRATRICE, actif=False))
    ici = banc(compte("anne", ADMINISTRATRICE), ferme)
    with pytest.raises(Conflict) as refus:
        await gerer.modifier(ici.moyens, "cle-api", "anne", 1, replace(_admin("anne"), **change))  # type: ignore[arg-type]

    assert refus.value.code == "dernier_administrateur"


async def test_an_administrator_beside_another_may_leave() -> None:
    ici = banc(compte("anne", ADMINISTRATRICE), compte("bruno", ADMINISTRATRICE))
    change = await gerer.modifier(
        ici.moyens, "bruno", "anne", 1, replace(_admin("anne"), actif=False)
    )

    assert not change.profil.actif
