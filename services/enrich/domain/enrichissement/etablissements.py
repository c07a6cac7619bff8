"""The gestionnaire and the formateur of an offer (domain.md §1.2, §2 "SIRET").

Declared facts win; the national list completes them. An address is taken whole from one source:
from the list, unless the offer declares another commune for that establishment.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from contracts.evenements import Confiance
from contracts.identifiants import siret as siret_
from services.enrich.domain.constats import Constat, Constats, constat
from services.enrich.domain.enrichissement import uai_connus
from services.enrich.domain.enrichissement.commune import situer
from services.enrich.domain.references.tables import Etablissement, References

Role = Literal["gestionnaire", "formateur"]
DECLARES: Final = (
    "siret",
    "uai",
    "raison_sociale",
    "adresse",
    "code_postal",
    "code_commune_insee",
    "localite",
)


@dataclass(frozen=True, slots=True)
class Declaration:
    """What an offer says of one of its establishments, in the order of `DECLARES`."""

    siret: str | None
    uai: str | None
    raison_sociale: str | None
    adresse: str | None
    code_postal: str | None
    code_commune_insee: str | None
    localite: str | None


def presenter(
    role: Role, declaration: Declaration, references: References, jour: date
) -> tuple[dict[str, Any], Constats]:
    """Return the fields `etablissement_{role}_*` of an establishment."""
    siret = declaration.siret
    connu = references.etablissements.get(siret or "")
    uai = uai_connus.connus(siret, references)
    champs = {
        "siret": siret,
        "siren": siret_.siren(siret) if siret else None,
        "uai": declaration.uai or uai.retenu,
        "raison_sociale": declaration.raison_sociale or (connu.raison_sociale if connu else None),
        "enseigne": connu.enseigne if connu else None,
        **_adresse(declaration, connu, references),
        "actif": actif(connu, jour),
        "certifie_qualite": certifie_qualite(connu, jour),
        "connu": connu is not None if siret else None,
    }
    prefixe = f"etablissement_{role}_"
    return (
        {prefixe + nom: valeur for nom, valeur in champs.items()},
        (
            *_sur_le_siret(role, declaration, connu, references, jour),
            *_sur_l_uai(role, declaration, uai),
        ),
    )


def actif(connu: Etablissement | None, jour: date) -> bool | None:
    """Tell whether an establishment is open; None when the list cannot know.

    The list does not date a closing: before its own day, a closed establishment may have been open.
    One that is open on that day was open since its creation.
    """
    if connu is None:
        return None
    jour_ = jour.isoformat()
    if connu.date_creation and connu.date_creation > jour_:
        return False
    if connu.ferme:
        return False if jour_ >= connu.source_le else None
    return True


def certifie_qualite(connu: Etablissement | None, jour: date) -> bool | None:
    """Tell whether an establishment is certified Qualiopi; None before the day of the list."""
    if connu is None or jour.isoformat() < connu.source_le:
        return None
    return connu.certifie_qualite


def _adresse(
    declaration: Declaration, connu: Etablissement | None, references: References
) -> dict[str, Any]:
    insee = declaration.code_commune_insee
    if connu is not None and insee in {None, connu.code_commune_insee}:
        situation = situer(connu.code_commune_insee, connu.code_postal, references)
        adresse, localite, geo = connu.adresse, connu.localite, connu.geo_coordonnees
    else:
        situation = situer(insee, declaration.code_postal, references)
        adresse, localite, geo = declaration.adresse, declaration.localite, None
    territoire = situation.territoire()
    return {
        "adresse": adresse,
        "code_postal": situation.code_postal,
        "code_commune_insee": situation.code_commune_insee,
        "localite": localite or (situation.commune.nom if situation.commune else None),
        "num_departement": territoire["num_departement"],
        "num_academie": territoire["num_academie"],
        "region": territoire["region"],
        "geo_coordonnees": geo,
    }


def _sur_le_siret(
    role: Role,
    declaration: Declaration,
    connu: Etablissement | None,
    references: References,
    jour: date,
) -> list[Constat]:
    constats: list[Constat] = []
    siret = declaration.siret
    champ = f"etablissement_{role}_siret"
    if siret and connu is None:
        constats.append(constat(f"siret_{role}_inconnu", champ, siret))
    if connu is not None and connu.ferme:
        constats.append(_ferme(champ, connu, references))
    if role == "gestionnaire" and connu is not None and jour.isoformat() >= connu.source_le:
        if connu.certifie_qualite is None:
            constats.append(constat("qualiopi_inconnue", champ, siret))
        elif not connu.certifie_qualite:
            constats.append(constat("gestionnaire_non_certifie", champ, siret))
    return constats


def _ferme(champ: str, connu: Etablissement, references: References) -> Constat:
    """Return the finding on a closed establishment, with the only open one that stays in place."""
    suivants = [
        siret
        for siret in references.sirets_par_siren.get(siret_.siren(connu.siret), ())
        if not references.etablissements[siret].ferme
        and references.etablissements[siret].code_commune_insee == connu.code_commune_insee
    ]
    raison = f"Fermé d'après la liste des établissements du {uai_connus.en_clair(connu.source_le)}."
    if len(suivants) != 1:
        return constat("etablissement_ferme", champ, connu.siret, raison=raison)
    return constat(
        "etablissement_ferme",
        champ,
        connu.siret,
        suivants[0],
        raison=f"{raison} {suivants[0]} est le seul établissement ouvert de la même entreprise "
        "dans cette commune.",
        confiance=Confiance.MOYENNE,
        correction={champ: suivants[0]},
    )


def _sur_l_uai(role: Role, declaration: Declaration, connu: uai_connus.Connus) -> list[Constat]:
    """Compare a declared UAI with each source: an offer that one of them confirms is not asked."""
    declare = declaration.uai
    if not declare or declare == connu.liste:
        return []
    proposition = uai_connus.proposer(declare, connu)
    if proposition is None:
        return []
    champ = f"etablissement_{role}_uai"
    if declare == connu.correspondance:
        raison = uai_connus.contredire(connu)
        return [constat("uai_sources_divergentes", champ, declare, raison=raison)]
    code = "uai_different" if connu.liste else "uai_autre_correspondance"
    return [
        constat(
            code,
            champ,
            declare,
            proposition.uai,
            raison=proposition.raison,
            confiance=proposition.confiance,
            correction={champ: proposition.uai},
        )
    ]
