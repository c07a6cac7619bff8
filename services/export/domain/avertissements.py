"""What an académie has to see before it decides of an offer (domain.md §5, page of an offer)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from contracts.constats import gravite, rendre
from contracts.constats.modele import Gravite
from contracts.statuts import Plateforme, Statut
from services.export.domain.decisions import LONGUEUR_UAI
from services.export.domain.precontrole_parcoursup import CONTROLES, Reserve, precontroler

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Avertissement:
    """A thing to look at: a stable code, a sentence, what to do; of one platform or of both."""

    code: str
    phrase: str
    que_faire: str
    plateforme: Plateforme | None = None
    bloquant: bool = False


def avertir(document: Document, plateformes: Iterable[Plateforme]) -> list[Avertissement]:
    """Return what is to be seen of a stored offer, what blocks first."""
    projection = document["projection"]
    trouves = [
        *_constats(projection),
        *_certification(projection),
        *_lieu(projection),
        *(un for plateforme in plateformes for un in _sur(document, plateforme)),
    ]
    return sorted(trouves, key=lambda un: not un.bloquant)


def _constats(projection: Document) -> Iterator[Avertissement]:
    for constat in projection.get("constats") or ():
        rendu = rendre(constat)
        yield Avertissement(
            constat["code"],
            rendu.message,
            rendu.que_faire,
            bloquant=gravite(constat["code"]) is Gravite.BLOQUANT,
        )


def _certification(projection: Document) -> Iterator[Avertissement]:
    if projection.get("cfd_outdated"):
        fin = projection.get("cfd_date_fermeture") or "date inconnue"
        yield Avertissement(
            "cfd_expire",
            f"Le diplôme {projection.get('cfd')} est fermé ({fin}), sans successeur.",
            "Faites déposer l'offre sous le code en vigueur.",
        )
    if projection.get("rncp_outdated"):
        details = projection.get("rncp_details") or {}
        fin = details.get("date_fin_validite_enregistrement") or "date inconnue"
        yield Avertissement(
            "rncp_expire",
            f"La fiche {projection.get('rncp_code')} n'est plus valable ({fin}).",
            "Faites déposer l'offre sous la fiche en vigueur.",
        )


def _lieu(projection: Document) -> Iterator[Avertissement]:
    uai = projection.get("uai_formation")
    if uai is None or len(uai) != LONGUEUR_UAI:
        yield Avertissement(
            "uai_du_lieu_absent",
            "L'UAI du lieu de formation manque ou n'a pas 8 caractères.",
            "Corrigez-le (lien « corriger_uai ») : sans lui la publication ne se demande pas.",
        )


def _sur(document: Document, plateforme: Plateforme) -> Iterator[Avertissement]:
    eligibilite = document["eligibilites"][plateforme.value]
    if eligibilite["perimetre"] and not eligibilite["session"]:
        yield Avertissement(
            "sans_session",
            f"Aucune session de la campagne {plateforme.capitalize()} n'est déclarée.",
            "Faites déclarer les dates de début par l'organisme.",
            plateforme,
        )
    if plateforme is Plateforme.PARCOURSUP and (document.get("affiche") or {}).get(plateforme):
        yield from _avant_l_envoi(document)


def _avant_l_envoi(document: Document) -> Iterator[Avertissement]:
    """Yield what Parcoursup would refuse: what is to be mended before the offer is sent."""
    tenues = ((document.get("retenue") or {}).get("parcoursup") or {}).get("reserves") or ()
    reserves = {reserve.code: reserve for reserve in precontroler(document)}
    if (document.get("affiche") or {}).get("parcoursup") == Statut.PRET:
        # Those that only our exchanges tell were noted when the offer was held.
        reserves |= {reserve["code"]: Reserve(**reserve) for reserve in tenues}
    for reserve in reserves.values():
        controle = CONTROLES[reserve.code]
        yield Avertissement(
            f"parcoursup_{reserve.code}",
            " ".join(filter(None, (controle.cause, reserve.raison))),
            _quoi_faire(controle.action, reserve.proposition),
            Plateforme.PARCOURSUP,
            bloquant=controle.retient,
        )


def _quoi_faire(action: str, proposition: str | None) -> str:
    return f"{action} Proposition : {proposition}." if proposition else action
