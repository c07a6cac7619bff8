"""What a person's command writes among the facts of an offer, and in which journal.

Every function changes the document given, its nested facts being replaced and never altered, and
returns the entry to append: of the journal of decisions, or of that of the other acts.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final
from zlib import crc32

from contracts.statuts import Plateforme, Statut
from services.export.domain.commandes import Commande, Saisie, Verdict
from services.export.domain.liens_affelnet import CHAMPS
from services.export.domain.statut import Decision, Nature

Document = dict[str, Any]

_AF: Final = Plateforme.AFFELNET.value
_PS: Final = Plateforme.PARCOURSUP.value
_STATUTS: Final[dict[Commande, Statut | None]] = {
    Commande.PUBLIER: Statut.PRET,
    Commande.FORCER: Statut.PRET,
    Commande.REINITIALISER: None,  # the rules speak again
}
DECISIONS: Final = frozenset({*_STATUTS, Commande.REFUSER})
"""The commands that take a decision; the others note an act beside it."""


@dataclass(frozen=True, slots=True)
class Acte:
    """Who acts, when, in which campaign, on which platform."""

    plateforme: Plateforme
    auteur: str
    instant: datetime
    campagne: str


def prendre_decision(
    document: Document, commande: Commande, verdict: Verdict, saisie: Saisie, acte: Acte
) -> Document:
    """Take the decision of a command, under the next number; return its entry in the journal."""
    nom = acte.plateforme.value
    decisions = document.get("decisions") or {}
    statut = verdict.statut if commande is Commande.REFUSER else _STATUTS[commande]
    decision = asdict(
        Decision(
            numero=(decisions.get(nom) or {}).get("numero", 0) + 1,
            statut=statut,
            campagne=acte.campagne,
            auteur=acte.auteur,
            prise_le=acte.instant,
            motif=verdict.motif.libelle if verdict.motif else None,
            precision=_precision(commande, saisie),
            nature=Nature(commande.value),
        )
    )
    decision["statut"] = statut.value if statut else None
    decision["nature"] = commande.value
    entree = {
        "formation": document["_id"],
        "plateforme": nom,
        "depuis": document["publication"]["plateformes"][nom]["statut"],
        "tag": verdict.motif.tag if verdict.motif else None,
        **decision,
    }
    document["decisions"] = {**decisions, nom: decision}
    if commande is Commande.REINITIALISER:
        entree["identifiant"] = _oublier_identifiant(document, nom)
    return entree


def _precision(commande: Commande, saisie: Saisie) -> str | None:
    if commande is Commande.REINITIALISER:
        return saisie.commentaire
    return saisie.precision if commande is Commande.REFUSER else None


def _oublier_identifiant(document: Document, nom: str) -> str | None:
    retours = document.get("retours") or {}
    retour = retours.get(nom)
    if retour is None:
        return None
    document["retours"] = {**retours, nom: {**retour, "identifiant": None}}
    identifiant: str | None = retour.get("identifiant")
    return identifiant


def textes_saisis(saisie: Saisie) -> dict[str, str | None]:
    """Return the four texts and links as they are kept; an empty one is none."""
    textes = saisie.textes or {}
    return {champ: (textes.get(champ) or "").strip() or None for champ in CHAMPS}


def textes_tenus(document: Mapping[str, Any]) -> dict[str, str | None]:
    """Return the four texts and links of an offer."""
    textes = (document.get("textes") or {}).get(_AF) or {}
    return {champ: textes.get(champ) for champ in CHAMPS}


def ecrire_textes(document: Document, saisie: Saisie, acte: Acte) -> Document | None:
    """Write the texts and links of Affelnet; return the act to note, None when none changes."""
    avant, apres = textes_tenus(document), textes_saisis(saisie)
    if avant == apres:
        return None
    textes = document.get("textes") or {}
    numero = (textes.get(_AF) or {}).get("numero", 0) + 1
    document["textes"] = {
        **textes,
        _AF: {**apres, "auteur": acte.auteur, "ecrits_le": acte.instant, "numero": numero},
    }
    return _noter(document, Commande.ECRIRE_TEXTES, acte, {"avant": avant, "apres": apres})


def tenir_rejet(document: Document, commande: Commande, acte: Acte) -> Document:
    """Take a rejection in charge or give it back; return the act to note."""
    rejets = document.get("rejets") or {}
    tenu = rejets.get(_PS) or {}
    prend = commande is Commande.PRENDRE_REJET
    document["rejets"] = {
        **rejets,
        _PS: {
            "pris_par": acte.auteur if prend else None,
            "pris_le": acte.instant,
            "rendu_par": None if prend else acte.auteur,
            "numero": tenu.get("numero", 0) + 1,
        },
    }
    return _noter(document, commande, acte, {"avant": tenu.get("pris_par")})


def _noter(document: Document, commande: Commande, acte: Acte, plus: Document) -> Document:
    return {
        "formation": document["_id"],
        "plateforme": acte.plateforme.value,
        "nature": commande.value,
        "auteur": acte.auteur,
        "le": acte.instant,
        "campagne": acte.campagne,
        **plus,
    }


def version(document: Mapping[str, Any]) -> str:
    """Return the version of an offer's facts, for `If-Match`: another after each that changes.

    The sequence of its publication, then a sum of the numbers of what persons did.
    """
    decisions = document.get("decisions") or {}
    numeros = [
        *(decisions.get(plateforme.value) for plateforme in Plateforme),
        (document.get("textes") or {}).get(_AF),
        (document.get("rejets") or {}).get(_PS),
    ]
    faits = "-".join(str((fait or {}).get("numero", 0)) for fait in numeros)
    return f"{document['publication']['sequence']}.{crc32(faits.encode()):08x}"
