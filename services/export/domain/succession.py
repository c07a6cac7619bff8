"""Annule et remplace as facts of both offers, on each platform apart (domain.md §3.6).

The result does not depend on which of the two is known first: the older offer is judged as if it
were still active, the newer one as if nothing had replaced it since.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from contracts.statuts import Plateforme, Statut
from services.export.domain.decisions_du_systeme import SYSTEME, Prise, oublier_identifiant, prendre
from services.export.domain.projections import Juge
from services.export.domain.publication import Jugement, juger
from services.export.domain.remplacements import MOTIF, Engagee, remplacer
from services.export.domain.statut import Nature

Document = dict[str, Any]


def successeurs(documents: Iterable[Document]) -> set[str]:
    """Return the ids of the newer offers whose succession these offers may settle."""
    trouves = set()
    for document in documents:
        projection = document["projection"]
        if "predecesseurs" in projection and en_suspens(document):
            trouves.add(document["_id"])
        if "remplacee_par" in projection:
            trouves.add(projection["remplacee_par"])
    return trouves


def en_suspens(successeur: Document) -> bool:
    """Tell whether a platform has not settled yet what this offer takes over."""
    return any(not _fait(successeur, nom).get("de") for nom in successeur["eligibilites"])


def predecesseur(successeur: Document) -> str | None:
    """Return the offer that this one took the place of; a later one inherits nothing (§3.6)."""
    anciennes = successeur["projection"].get("predecesseurs")
    return anciennes[0] if anciennes else None


def paires(
    connues: Mapping[str, Document], cibles: Iterable[str]
) -> Iterator[tuple[Document, Document]]:
    """Yield each newer offer with the one it replaces, both known, the oldest succession first."""
    vues: set[str] = set()

    def remonter(identifiant: str) -> Iterator[tuple[Document, Document]]:
        successeur = connues.get(identifiant)
        if successeur is None or identifiant in vues:
            return
        vues.add(identifiant)
        ancienne = connues.get(predecesseur(successeur) or "")
        if ancienne is not None:
            yield from remonter(ancienne["_id"])
            yield successeur, ancienne

    for cible in sorted(cibles):
        yield from remonter(cible)


def regler(
    successeur: Document, ancienne: Document, juge: Juge, instant: datetime, *, envoi_actif: bool
) -> list[Document]:
    """Do on each platform what is automatic and not done yet; return the entries of the journal.

    Both documents are changed in place, their nested facts being replaced and never altered.
    """
    journal = []
    nouvelle, vieille = _comme_active(successeur, juge), _comme_active(ancienne, juge)
    for plateforme in juge.contextes:
        fait = remplacer(
            plateforme,
            _engagee(successeur, plateforme, nouvelle),
            [_engagee(ancienne, plateforme, vieille)],
            envoi_actif=envoi_actif,
        )
        if fait is None:
            continue
        campagne = juge.contextes[plateforme].campagne.id
        if fait.statut is not None and not _fait(successeur, plateforme).get("par"):
            auteur = _demandeur(ancienne, plateforme)
            prise = Prise(Nature.REMPLACER, fait.statut, campagne, instant, auteur)
            journal.append(prendre(successeur, plateforme, prise, remplace=ancienne["_id"]))
        _noter(successeur, plateforme, de=ancienne["_id"], traitee_le=instant)
        if fait.ecarte_l_ancienne:
            prise = Prise(Nature.REMPLACER, Statut.NON_PUBLIE, campagne, instant, motif=MOTIF)
            perdu = oublier_identifiant(ancienne, plateforme)
            entree = prendre(
                ancienne, plateforme, prise, remplacee_par=successeur["_id"], identifiant=perdu
            )
            journal.append(entree)
            _noter(ancienne, plateforme, par=successeur["_id"], traitee_le=instant)
    return journal


def _comme_active(document: Document, juge: Juge) -> Jugement:
    projection = document["projection"]
    if projection.get("etat") == "remplacee":
        projection = {champ: valeur for champ, valeur in projection.items() if champ != "etat"}
    return juger(
        projection, document.get("decisions"), document.get("retours"), juge.jeu, juge.contextes
    )


def _engagee(document: Document, plateforme: Plateforme, jugement: Jugement) -> Engagee:
    projection = document["projection"]
    return Engagee(
        Statut(jugement.plateformes[plateforme.value]["statut"]),
        perimetre=jugement.eligibilites[plateforme.value].perimetre,
        au_flux=projection.get("published", True) and projection.get("etat") != "retiree",
        traitee=bool(_fait(document, plateforme).get("de")),
    )


def _demandeur(ancienne: Document, plateforme: Plateforme) -> str:
    """Return who asked for the publication that is inherited: the platform is told his name."""
    decision = (ancienne.get("decisions") or {}).get(plateforme.value)
    if decision is None or decision["statut"] != Statut.PRET.value:
        return SYSTEME
    auteur: str = decision["auteur"]
    return auteur


def _fait(document: Document, plateforme: str) -> Document:
    fait: Document = (document.get("remplacements") or {}).get(plateforme) or {}
    return fait


def _noter(document: Document, plateforme: Plateforme, **quoi: object) -> None:
    document["remplacements"] = {
        **(document.get("remplacements") or {}),
        plateforme.value: {**_fait(document, plateforme), **quoi},
    }
