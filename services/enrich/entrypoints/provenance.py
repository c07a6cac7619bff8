"""Where each value of a formation comes from, in one call."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from services.enrich.domain.enrichissement.adresses import AdresseConnue
from services.enrich.domain.provenance import Nature, Provenance, adresses_du_lieu, provenances
from services.enrich.domain.versions import TableEditee
from services.enrich.entrypoints.acces_formations import Identifiant, UneFormation
from services.enrich.entrypoints.moyens import Moyens, UsesMoyens
from services.enrich.ports_versions import VersionInconnue

router = APIRouter(prefix="/v1/formations", tags=["formations"])


class TableUtilisee(BaseModel):
    """A table that had a say in a value: its edition in the version used, its source and dates."""

    table: str
    libelle: str
    edition: str
    fichier: str
    source_le: str | None
    chargee_le: datetime


class ValeurExpliquee(BaseModel):
    """A value and where it comes from.

    `le`: when it was collected or corrected. `source`: what the depositor says of a corrected
    value. `par` is null for who may not correct the formation. `heritee_de`: the formation replaced
    by this one, whose correction it took over.
    """

    valeur: Any
    provenance: Nature
    le: datetime | None
    champ: str | None
    source: Any
    par: str | None
    heritee_de: str | None
    famille: str
    regle: str
    d_apres: list[str]
    d_apres_corriges: list[str]
    tables: list[TableUtilisee]
    pourquoi: str | None


class ProvenanceDeFormation(BaseModel):
    """Every field of a formation, and the addresses that each source gives of its place.

    `references` is the version of the tables that the values were computed from; `verifiee_avec`
    the newest one that would say the same.
    """

    formation: str
    sequence: int
    recue_le: datetime
    calculee_le: datetime
    references: str
    verifiee_avec: str
    valeurs: dict[str, ValeurExpliquee]
    adresses: Sequence[AdresseConnue]


@router.get("/{identifiant}/provenance", summary="D'où vient chaque valeur d'une formation")
async def expliquer(
    identifiant: Identifiant, moyens: UsesMoyens, vue: UneFormation
) -> ProvenanceDeFormation:
    """Donne, champ par champ : collectée, corrigée, calculée (règle et tables) ou pourquoi absente.

    Les adresses déclarée, référencée et trouvée par le service d'adresses sont côte à côte.
    """
    document, editions = vue.document, vue.document.get("editions") or {}
    formation, recue_le = document["formation"], document["recue_le"]
    enrichisseur = moyens.actif.enrichisseur()
    tables = await _tables(moyens, document["references"])
    etabli = await moyens.recalculs.etabli()
    trouvees = provenances(formation, vue.offre, editions, recue_le)
    return ProvenanceDeFormation(
        formation=identifiant,
        sequence=document["sequence"],
        recue_le=recue_le,
        calculee_le=document["modifiee_le"],
        references=document["references"],
        verifiee_avec=max(document["references"], etabli.socle.version if etabli else ""),
        valeurs={
            champ: _expliquee(formation.get(champ), une, tables, auteurs=vue.auteurs)
            for champ, une in trouvees.items()
        },
        adresses=adresses_du_lieu(
            vue.offre, editions, enrichisseur.references, enrichisseur.geocodages, recue_le
        ),
    )


async def _tables(moyens: Moyens, version: str) -> Mapping[str, TableEditee]:
    try:
        return await moyens.referentiels.editions_de(version)
    except VersionInconnue:  # its document is gone: the rule is told without its editions
        return {}


def _expliquee(
    valeur: object, une: Provenance, tables: Mapping[str, TableEditee], *, auteurs: bool
) -> ValeurExpliquee:
    regle = une.regle
    utilisees = regle.tables if une.nature in {Nature.CALCULEE, Nature.ABSENTE} else ()
    return ValeurExpliquee.model_validate(
        {
            "valeur": valeur,
            "provenance": une.nature,
            "le": une.le,
            "champ": une.champ,
            "source": une.source,
            "par": une.auteur if auteurs else None,
            "heritee_de": une.heritee_de,
            "famille": regle.famille,
            "regle": regle.texte,
            "d_apres": list(regle.d_apres),
            "d_apres_corriges": list(une.corriges),
            "tables": [_table(tables[nom]) for nom in utilisees if nom in tables],
            "pourquoi": une.pourquoi,
        }
    )


def _table(table: TableEditee) -> TableUtilisee:
    return TableUtilisee(
        table=table.nom,
        libelle=table.bilan.libelle,
        edition=table.edition,
        fichier=table.bilan.fichier,
        source_le=table.source_le,
        chargee_le=table.chargee_le,
    )
