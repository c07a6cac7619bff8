"""From what is stored of an offer to what notices say of it, and to whom."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final

from contracts.statuts import Plateforme, Statut
from services.export.domain.avis import (
    DE_L_ACADEMIE,
    DE_L_ETABLISSEMENT,
    Element,
    Rubrique,
    academie,
    etablissement,
)
from services.export.domain.eligibilite import Clause
from services.export.domain.erreurs_reconnues import reconnue
from services.export.domain.motifs import trouver
from services.export.domain.saison_precedente import Cause, disparition
from services.kernel.french import PARIS

Document = Mapping[str, Any]

_PARCOURSUP: Final = Plateforme.PARCOURSUP.value
_RUBRIQUES: Final[Mapping[str, Rubrique]] = {
    Statut.REJET: Rubrique.REJETEES,
    Statut.ECHEC: Rubrique.REJETEES,
    Statut.FERME: Rubrique.REJETEES,
    Statut.A_PUBLIER: Rubrique.A_DECIDER,
    Statut.A_PUBLIER_POSTBAC: Rubrique.A_DECIDER,
    Statut.A_PUBLIER_RECTEUR: Rubrique.A_DECIDER,
    Statut.A_PUBLIER_HABILITATION: Rubrique.A_DECIDER,
    Statut.A_PUBLIER_VALIDATION: Rubrique.A_DECIDER,
    Statut.NON_PUBLIE: Rubrique.REFUSEES,
    Statut.EN_ATTENTE: Rubrique.EN_ATTENTE,
    Statut.PUBLIE: Rubrique.PUBLIEES,
}
_RETOURS: Final = frozenset({Rubrique.REJETEES, Rubrique.PUBLIEES})
_DECISIONS: Final = frozenset({Rubrique.REFUSEES, Rubrique.EN_ATTENTE})
_FERMETURES: Final = frozenset({Clause.CERTIFICATION_PERIMEE.value, Clause.CERTIFICATION_EXPIRE})


def elements(document: Document, jour: date) -> Iterator[Element]:
    """Yield what is to be said of an offer on a day."""
    for nom, statut in (document.get("affiche") or {}).items():
        retenue = _retenue(document, nom) if statut == Statut.PRET else None
        rubrique = Rubrique.RETENUES if retenue else _RUBRIQUES.get(statut)
        if rubrique is None:
            continue
        yield {
            **_offre(document),
            "rubrique": rubrique.value,
            "plateforme": nom,
            "statut": statut,
            "depuis": _depuis(document, nom, rubrique, jour),
            **({"raison": retenue} if retenue else _raison(document, nom, rubrique)),
        }
    for nom, motif in _disparitions(document):
        yield _sans_date(document, Rubrique.DISPARUES, nom, f"disparue:{motif}", jour)
    if (clause := _fermeture(document)) is not None:
        yield _sans_date(document, Rubrique.CERTIFICATION_FERMEE, None, f"clause:{clause}", jour)


def destinataires(
    projection: Document, trouves: Iterable[Element]
) -> Iterator[tuple[str, Element]]:
    """Yield each element with each reader that it is for."""
    numero = projection.get("num_academie")
    sirets = {
        projection.get("etablissement_gestionnaire_siret"),
        projection.get("etablissement_formateur_siret"),
    } - {None}
    for element in trouves:
        if numero and element["rubrique"] in DE_L_ACADEMIE:
            yield academie(str(numero)), element
        if element["rubrique"] in DE_L_ETABLISSEMENT:
            for siret in sirets:
                yield etablissement(str(siret)), element


def _offre(document: Document) -> Element:
    projection = document["projection"]
    connus = {
        "cle": projection.get("cle_ministere_educatif"),
        "intitule": projection.get("intitule_long") or projection.get("intitule_rco"),
        "localite": projection.get("localite"),
        "organisme": projection.get("etablissement_gestionnaire_raison_sociale"),
    }
    return {
        "id": document["_id"],
        **{membre: valeur for membre, valeur in connus.items() if valeur is not None},
    }


def _sans_date(
    document: Document, rubrique: Rubrique, plateforme: str | None, raison: str, jour: date
) -> Element:
    return {
        **_offre(document),
        "rubrique": rubrique.value,
        "plateforme": plateforme,
        "raison": raison,
        "depuis": jour.isoformat(),
    }


def _disparitions(document: Document) -> Iterator[tuple[str, Cause]]:
    """Yield each platform whose last season had the offer in its perimeter and not this one."""
    for nom, avant in (document.get("precedents") or {}).items():
        raison = disparition(document, nom) if avant.get("perimetre") else None
        if raison is not None:
            yield nom, raison


def _retenue(document: Document, plateforme: str) -> str | None:
    """Return the first reason that holds an offer before it is sent."""
    fait = (document.get("retenue") or {}).get(plateforme) or {}
    return next((f"retenue:{reserve['code']}" for reserve in fait.get("reserves") or ()), None)


def _raison(document: Document, plateforme: str, rubrique: Rubrique) -> Element:
    """Return why; of a known rejection with its sentences, those of the answer."""
    if rubrique is Rubrique.REJETEES:
        connue = reconnue((document.get("retours") or {}).get(plateforme) or {})
        if connue is None:
            return {"raison": None}
        code, cause, action = (connue[membre] for membre in ("code", "cause", "action"))
        return {"raison": f"rejet:{code}", "cause": cause, "action": action}
    if rubrique in _DECISIONS:
        nom = ((document.get("decisions") or {}).get(plateforme) or {}).get("motif")
        motif = trouver(nom) if nom else None
        return {"raison": f"motif:{motif.code}" if motif else None}
    return {"raison": None}


def _depuis(document: Document, plateforme: str, rubrique: Rubrique, jour: date) -> str:
    """Return the civil day of the fact, no later than `jour`: the business day may be past."""
    retour = (document.get("retours") or {}).get(plateforme) or {}
    decision = (document.get("decisions") or {}).get(plateforme) or {}
    publication = document.get("publication") or {}
    instant: datetime | None = None
    if rubrique is Rubrique.RETENUES:
        instant = ((document.get("retenue") or {}).get(plateforme) or {}).get("depuis")
    elif rubrique in _RETOURS:
        instant = retour.get("publiee_le") or retour.get("recu_le")
    elif rubrique in _DECISIONS:
        instant = decision.get("prise_le")
    elif rubrique is Rubrique.A_DECIDER:
        connus = publication.get("depuis") or {}
        instant = connus.get(plateforme) or publication.get("modifiee_le")
    if instant is None:
        return jour.isoformat()
    return min(jour, instant.astimezone(PARIS).date()).isoformat()


def _fermeture(document: Document) -> str | None:
    projection = document["projection"]
    if projection.get("etat", "active") != "active":
        return None
    obstacles = {
        obstacle
        for eligibilite in (document.get("eligibilites") or {}).values()
        for obstacle in eligibilite.get("obstacles") or ()
    }
    return next((clause for clause in sorted(_FERMETURES) if clause in obstacles), None)
