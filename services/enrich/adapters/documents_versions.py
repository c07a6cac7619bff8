"""Versions and refusals as MongoDB documents; reasons become values, as names they may clash."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from services.enrich.adapters.activations import Activation
from services.enrich.domain.admission import Forcage, Motif, Refus
from services.enrich.domain.chargement.modele import Bilan
from services.enrich.domain.comparaison import Comparaison
from services.enrich.domain.versions import TableEditee, Version
from services.kernel.mongo import Document


def en_document(version: Version) -> Document:
    """Return the document of a version; which one is active is told elsewhere."""
    document = asdict(version)
    del document["active"]
    document["_id"] = document.pop("id")
    document["tables"] = [table_en_document(table) for table in version.tables]
    document["comparaisons"] = list(document["comparaisons"])
    return document


def table_en_document(table: TableEditee) -> Document:
    """Return a table of a version as it stands in the version's document."""
    bilan = asdict(table.bilan)
    exemples = bilan.pop("exemples")
    bilan["refusees"] = [
        {"raison": raison, "nombre": nombre, "lignes": exemples[raison]}
        for raison, nombre in table.bilan.refusees.items()
    ]
    return {
        "edition": table.edition,
        "bilan": bilan,
        "source_le": table.source_le,
        "chargee_le": table.chargee_le,
    }


def en_version(document: Document, active: Activation | None) -> Version:
    """Return the version of a document, knowing the activation in force."""
    est_active = active is not None and active.version == document["_id"]
    champs = {**document, "id": document["_id"], "active": est_active}
    del champs["_id"]
    champs["tables"] = tuple(_table(table) for table in document["tables"])
    champs["comparaisons"] = tuple(Comparaison(**une) for une in document["comparaisons"])
    forcage = document["forcage"]
    champs["forcage"] = forcage and Forcage(forcage["raison"], _motifs(forcage["motifs"]))
    return Version(**champs)


def refus_en_document(refus: Refus) -> Document:
    """Return the document of a refusal."""
    document = asdict(refus)
    document["_id"] = document.pop("id")
    return document


def en_refus(document: Document) -> Refus:
    """Return the refusal of a document."""
    champs = {**document, "id": document["_id"], "motifs": _motifs(document["motifs"])}
    del champs["_id"]
    return Refus(**champs)


def _table(document: Mapping[str, Any]) -> TableEditee:
    bilan = dict(document["bilan"])
    refusees = bilan["refusees"]
    bilan["refusees"] = {refus["raison"]: refus["nombre"] for refus in refusees}
    bilan["exemples"] = {refus["raison"]: refus["lignes"] for refus in refusees}
    return TableEditee(
        document["edition"], Bilan(**bilan), document["source_le"], document["chargee_le"]
    )


def _motifs(documents: list[Mapping[str, Any]]) -> tuple[Motif, ...]:
    return tuple(Motif(**motif) for motif in documents)
