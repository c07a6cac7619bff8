"""The UAI of the place where an offer is taught (domain.md §2, "UAI lieu")."""

from datetime import date
from typing import Final

from contracts.evenements import Confiance
from contracts.identifiants import uai as uai_
from services.enrich.domain.constats import Constat, Constats, constat
from services.enrich.domain.enrichissement.codes_communes import est_dans
from services.enrich.domain.enrichissement.uai_connus import Connus, connus, en_clair
from services.enrich.domain.references.tables import References, Uai

_CHAMP: Final = "uai_formation"
_FERME: Final = "uai_ferme"


def uai_du_lieu(
    edite: str | None, collecte: str | None, uai_formateur: str | None, *, meme_commune: bool
) -> str | None:
    """Return an instructor's edit, else the collected UAI, else the formateur's in its commune."""
    return edite or collecte or (uai_formateur if meme_commune else None)


def constater(
    uai: str | None,
    num_departement: str | None,
    insee: str | None,
    siret: str | None,
    references: References,
    jour: date,
) -> Constats:
    """Return what is worth saying of the UAI retained for a place.

    `insee` is the commune of the place, `siret` the establishment that the offer names there.
    """
    if uai is None:
        return (_inconnu(connus(siret, references)),)
    constats: list[Constat] = []
    if references.uais is not None and uai_.est_valide(uai):
        au_registre = _au_registre(uai, references.uais.get(uai), insee, jour)
        constats += [_avec_successeur(un, uai, siret, references, jour) for un in au_registre]
    if num_departement and uai_.departement(uai) not in {None, num_departement}:
        constats.append(constat("uai_autre_departement", _CHAMP, uai))
    return tuple(constats)


def _inconnu(lieu: Connus) -> Constat:
    connu = lieu.retenu
    if connu is None:
        return constat("uai_lieu_inconnu", _CHAMP)
    return constat(
        "uai_lieu_inconnu",
        _CHAMP,
        proposition=connu,
        raison="C'est l'UAI connu pour le SIRET du lieu de formation.",
        confiance=Confiance.MOYENNE,
        correction={_CHAMP: connu},
    )


def _au_registre(uai: str, connu: Uai | None, insee: str | None, jour: date) -> list[Constat]:
    """Return what the ACCE register says of a UAI on a day."""
    if connu is None:
        return [constat("uai_hors_registre", _CHAMP, uai)]
    fermeture = connu.date_fermeture
    if fermeture is not None and fermeture <= jour.isoformat():
        raison = f"Fermé le {en_clair(fermeture)} d'après le registre ACCE."
        return [constat(_FERME, _CHAMP, uai, raison=raison)]
    if _est_ferme(connu, jour):
        raison = "Fermé d'après le registre ACCE, qui ne dit pas depuis quand."
        return [constat(_FERME, _CHAMP, uai, raison=raison)]
    ailleurs = connu.code_commune_insee
    if not insee or not ailleurs or insee == ailleurs or est_dans(insee, ailleurs):
        return []
    raison = f"Le registre ACCE situe {connu.nom or uai} dans la commune {ailleurs}."
    return [constat("uai_autre_commune", _CHAMP, uai, raison=raison)]


def _est_ferme(connu: Uai, jour: date) -> bool:
    if connu.date_fermeture is None:
        return connu.ferme
    return connu.date_fermeture <= jour.isoformat()


def _avec_successeur(
    dit: Constat, uai: str, siret: str | None, references: References, jour: date
) -> Constat:
    """Propose, in the place of a closed UAI, the open one that the SIRET of the place is known by.

    The register does not name successors.
    """
    if dit["code"] != _FERME:
        return dit
    lieu = connus(siret, references)
    registre = references.uais or {}
    for candidat in (lieu.liste, lieu.correspondance):
        if not candidat or candidat == uai:
            continue
        inscrit = registre.get(candidat)
        if inscrit is None or not _est_ferme(inscrit, jour):
            raison = f"{dit['raison']} {candidat} est l'UAI connu pour le SIRET du lieu."
            return constat(
                _FERME,
                _CHAMP,
                uai,
                candidat,
                raison=raison,
                confiance=Confiance.MOYENNE,
                correction={_CHAMP: candidat},
            )
    return dit
