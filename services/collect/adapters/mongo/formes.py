"""How offers, deposits and chunks are written as documents, and read again."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import cramjam
import orjson

from contracts.depot import EtatDepot
from contracts.evenements import StatutLigne
from services.collect.domain.constat import Constat
from services.collect.domain.depot import Depot, Echec, Lot, Reponse, compter
from services.collect.domain.lignes import LigneJugee
from services.collect.domain.rangs import en_plages
from services.collect.domain.tenue import Tenue
from services.kernel.mongo import Document

OFFRES: Final = "offres"
DEPOTS: Final = "depots"
LIGNES: Final = "lignes"
CONSTATS: Final = "constats"
AVANCEMENT: Final = "avancement"

SANS_CONTENU: Final = {"contenu": 0, "constats": 0}
_SI_PLEINS: Final = (
    "predecesseurs",
    "remplacee_par",
    "motif",
    "cle_attribuee",
    "depubliee",
    "lue",
    "ecartees",
)


def du_depot(depot: str) -> Document:
    """Return the filter of a deposit's chunks: their ids are `<depot>:…`."""
    return {"_id": {"$gte": f"{depot}:", "$lt": f"{depot};"}}


def offre_en_document(tenue: Tenue) -> Document:
    """Return the document of an offer; what is empty is left out."""
    document: Document = {
        "_id": tenue.id,
        "deposant": tenue.deposant,
        "sequence": tenue.sequence,
        "etat": str(tenue.etat),
        "aliases": tenue.aliases,
        "empreinte": tenue.empreinte,
        "contenu": tenue.contenu,
        "recue_le": tenue.recue_le,
        "cree_le": tenue.cree_le,
    }
    if tenue.cle is not None:
        document["cle"] = tenue.cle
    if tenue.depot is not None:
        document["depot"], document["ligne"] = tenue.depot, tenue.ligne
    if tenue.constats:
        document["constats"] = orjson.dumps(tenue.constats)
    for nom in _SI_PLEINS:
        if valeur := getattr(tenue, nom):
            document[nom] = valeur
    return document


def document_en_offre(document: Document) -> Tenue:
    """Return the offer of a document, without what the projection left out."""
    constats = document.get("constats")
    return Tenue(
        id=document["_id"],
        deposant=document["deposant"],
        sequence=document["sequence"],
        etat=document["etat"],
        cle=document.get("cle"),
        cle_attribuee=document.get("cle_attribuee", False),
        depubliee=document.get("depubliee", False),
        aliases=document["aliases"],
        empreinte=document["empreinte"],
        lue=document.get("lue", ""),
        ecartees=document.get("ecartees", []),
        contenu=document.get("contenu", b""),
        depot=document.get("depot"),
        ligne=document.get("ligne", 0),
        recue_le=document["recue_le"],
        cree_le=document["cree_le"],
        predecesseurs=document.get("predecesseurs", []),
        remplacee_par=document.get("remplacee_par"),
        motif=document.get("motif"),
        constats=orjson.loads(constats) if constats else [],
    )


def depot_en_document(depot: Depot) -> Document:
    """Return the document of a deposit."""
    return {
        "_id": depot.id,
        "deposant": depot.deposant,
        "cle": depot.cle,
        "recu_le": depot.recu_le,
        "vu_le": depot.vu_le,
        "essai": depot.essai,
        "fichier": depot.fichier,
        "forme": depot.forme,
        "etat": str(depot.etat),
        "coupe": depot.coupe,
        "depublication": depot.depublication,
        "echec": depot.echec and list(depot.echec),
        "lignes": depot.lignes,
        "octets": depot.octets,
        "constats": depot.constats,
    }


def document_en_depot(document: Document) -> Depot:
    """Return the deposit of a document."""
    echec = document.pop("echec")
    etat = EtatDepot(document.pop("etat"))
    return Depot(
        id=document.pop("_id"), echec=Echec(*echec) if echec else None, etat=etat, **document
    )


def lot_en_document(lot: Lot) -> Document:
    """Return the chunk of a batch of lines."""
    comptes = lot.comptes()
    return {
        "_id": f"{lot.depot}:{lot.premier:08d}",
        "premier": lot.premier,
        "dernier": lot.dernier,
        "statuts": lot.statuts(),
        "ecrasees": [list(ecrasement) for ecrasement in lot.ecrasees],
        "comptes": comptes.nombres,
        "exemples": comptes.exemples,
        "lignes": _comprimer([ligne.rangee() for ligne in lot.lignes]),
    }


def lignes_du_document(document: Document) -> list[LigneJugee]:
    """Return the lines of a chunk."""
    return [
        LigneJugee(rang, physique, StatutLigne(statut), offre, sequence, constats)
        for rang, physique, statut, offre, sequence, constats in _etendre(document["lignes"])
    ]


def reponse_en_document(reponse: Reponse) -> Document:
    """Return the chunk of an answer; it has at least one line."""
    rangs: dict[str, list[int]] = {}
    for rang, _, statut, _ in reponse.lignes:
        rangs.setdefault(str(statut), []).append(rang)
    tous = [ligne[0] for ligne in reponse.lignes]
    comptes = compter(constat for ligne in reponse.lignes for constat in ligne[3])
    return {
        "_id": reponse.id,
        "premier": min(tous),
        "dernier": max(tous),
        "statuts": {statut: list(en_plages(sorted(siens))) for statut, siens in rangs.items()},
        "comptes": comptes.nombres,
        "exemples": comptes.exemples,
        "lignes": _comprimer(
            [
                *([rang, offre, dits] for rang, offre, _, dits in reponse.lignes if dits),
                *reponse.completes,
            ]
        ),
    }


def reponses_du_document(document: Document) -> Iterable[tuple[int, str | None, list[Constat]]]:
    """Return the lines of an answer that have findings."""
    lignes: list[tuple[int, str | None, list[Constat]]] = _etendre(document["lignes"])
    return lignes


def _comprimer(lignes: Sequence[Any]) -> bytes:
    return bytes(cramjam.lz4.compress_block(orjson.dumps(lignes)))


def _etendre(bloc: bytes) -> Any:  # noqa: ANN401 - the rows that were packed
    return orjson.loads(bytes(cramjam.lz4.decompress_block(bloc)))
