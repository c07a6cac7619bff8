"""What the routes of formations answer."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from contracts.evenements import Constat, Etat, Origine
from contracts.formation import Formation
from services.enrich.domain.causes import Nature
from services.enrich.domain.editions import COURRIELS
from services.enrich.domain.historique import AUTOUR


class Motif(BaseModel):
    """What is told of a cause: a version, a day, the fields edited, a reason that a person gave.

    `herite_de` is the formation whose correction was inherited.
    """

    de: str | None = None
    version: str | None = None
    jour: str | None = None
    regles: int | None = None
    recalcul: str | None = None
    proposition: str | None = None
    champs: list[str] | None = None
    herite_de: str | None = None
    motif: str | None = None


class EntreeHistorique(BaseModel):
    """One real change: when, who, why, and field by field from what to what.

    `auteur`, and the reason that a person gave, are null for who may not correct the formation. The
    first entry of all is the creation, which has no fields: they are the formation itself.
    """

    sequence: int
    le: datetime
    auteur: str | None
    cause: Nature
    origine: Origine | None
    detail: Motif | None = None
    champs: dict[str, tuple[Any, Any]]


class Historique(BaseModel):
    """Changes of a formation, oldest first. `suite` is the `apres` of the next page, if any."""

    formation: str
    changements: list[EntreeHistorique]
    suite: int | None


class EditionVue(BaseModel):
    """A correction in force: its value, what the source said then and says now, since when.

    `heritee_de` is the formation that this one replaced, whose correction it took over.
    """

    valeur: Any
    collectee: Any
    source: Any
    en_conflit: bool
    le: datetime
    auteur: str | None
    heritee_de: str | None = None


class FormationVue(BaseModel):
    """A formation as it stands; `ETag` gives its version: the sequence while nobody corrects it."""

    id: str
    sequence: int
    empreinte: str
    etat: Etat
    creee_le: datetime
    modifiee_le: datetime
    retiree_le: datetime | None
    motif_retrait: str | None
    remplacee_par: str | None
    predecesseurs: list[str]
    origine: Origine | None
    references: str
    formation: Formation
    constats: list[Constat]
    editions: dict[str, EditionVue]


class FormationPassee(BaseModel):
    """A formation as it was after the last change before an instant.

    Of its findings the history keeps the codes, not the values nor the proposals.
    """

    id: str
    au: datetime
    sequence: int
    depuis: datetime
    etat: Etat
    motif_retrait: str | None
    remplacee_par: str | None
    predecesseurs: list[str]
    formation: Formation
    constats: list[str]


def entree(document: Mapping[str, Any], *, auteurs: bool) -> EntreeHistorique:
    """Return an entry, with its author and his words only when they may be seen."""
    detail = document.get("detail")
    if detail and not auteurs:
        detail = {nom: valeur for nom, valeur in detail.items() if nom != "motif"}
    vue = {**document, "detail": detail, "auteur": document["auteur"] if auteurs else None}
    return EntreeHistorique.model_validate(vue)


def creation(document: Mapping[str, Any], *, auteurs: bool) -> EntreeHistorique:
    """Return the entry that made a formation exist."""
    connue = document.get("creation") or {
        "cause": Nature.DEPOT,
        "auteur": document["deposant"],
        "origine": None,
    }
    faits = {**connue, "sequence": 1, "le": document["creee_le"], "champs": {}}
    return entree(faits, auteurs=auteurs)


def editions(
    document: Mapping[str, Any], offre: Mapping[str, Any], *, auteurs: bool
) -> dict[str, EditionVue]:
    """Return the corrections of a formation, without e-mail addresses nor authors for others."""
    return {
        champ: EditionVue(
            valeur=edition["valeur"],
            collectee=edition["collectee"],
            source=offre.get(champ),
            en_conflit=offre.get(champ) not in (edition["collectee"], edition["valeur"]),
            le=edition["le"],
            auteur=edition["auteur"] if auteurs else None,
            heritee_de=edition.get("heritee_de"),
        )
        for champ, edition in sorted((document.get("editions") or {}).items())
        if auteurs or champ not in COURRIELS
    }


def presente(
    document: Mapping[str, Any], offre: Mapping[str, Any], *, auteurs: bool
) -> FormationVue:
    """Return a formation as stored."""
    vue = {**document, "id": document["_id"]}
    return FormationVue.model_validate(
        {**vue, "editions": editions(document, offre, auteurs=auteurs)}
    )


def passee(
    identifiant: str, au: datetime, sequence: int, depuis: datetime, plat: Mapping[str, Any]
) -> FormationPassee:
    """Return a past state, given flat."""
    autour = {nom: plat[nom] for nom in AUTOUR}
    return FormationPassee.model_validate(
        {
            **autour,
            "id": identifiant,
            "au": au,
            "sequence": sequence,
            "depuis": depuis,
            "formation": {nom: valeur for nom, valeur in plat.items() if nom not in AUTOUR},
        }
    )
