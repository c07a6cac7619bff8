"""The import of what Affelnet holds: staged, previewed as a difference, applied at once (§4.3).

Offers are judged as they are read, by the rules, the campaign and the day of then: an import waits
for no sweep. Nothing of them changes before the application, which is one transaction: an import
that is cut changes nothing, and one applied again finds nothing to change.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from contracts.statuts import Plateforme
from services.export.domain.couverture import Couverte
from services.export.domain.import_affelnet import (
    CHAMPS,
    Comparaison,
    Ecart,
    appliquer,
    comparer,
    couverte,
    juger_sur_affelnet,
)
from services.export.domain.lignes_affelnet import LigneLue
from services.export.domain.projections import Juge
from services.export.domain.rapport_import import compter, rapporter
from services.export.ports import Document, Juges
from services.export.ports_imports import Imports, TransactionDImport
from services.export.usecases.faits import ecrire_faits
from services.kernel.batches import slices
from services.kernel.clock import Clock, now_as_stored
from services.kernel.problem import Conflict, NotFound, PreconditionFailed

_LOT: Final = 500


@dataclass(frozen=True, slots=True)
class Moyens:
    """What every step uses; at most `changements_max` offers change in one application."""

    imports: Imports
    juges: Juges
    horloge: Clock
    changements_max: int


@dataclass(frozen=True, slots=True)
class Depot:
    """A file as deposited; `academie` says that it is of that one alone."""

    identifiant: str
    nom: str
    octets: int
    empreinte: str
    academie: str | None
    auteur: str


class ApercuDepasse(PreconditionFailed):
    """The difference is no longer the one previewed; carries the version of the new preview."""

    default_code = "apercu_depasse"
    default_title = "Aperçu dépassé"


async def deposer(
    depot: Depot, lignes: Sequence[LigneLue], moyens: Moyens
) -> tuple[Document, bool]:
    """Stage a file and preview it; return the import, and whether it is new.

    The same bytes for the same académie are the same import, previewed again.
    """
    entete = {
        "_id": depot.identifiant,
        "nom": depot.nom,
        "octets": depot.octets,
        "empreinte": depot.empreinte,
        "academie": depot.academie,
        "depose_par": depot.auteur,
        "depose_le": now_as_stored(moyens.horloge),
        "nombre_de_lignes": len(lignes),
        "applications": [],
    }
    nouveau = await moyens.imports.garder(entete, lignes)
    return await apercevoir(depot.identifiant, moyens), nouveau


async def apercevoir(identifiant: str, moyens: Moyens) -> Document:
    """Compare an import with the offers as they are; return it with this preview.

    Raises:
        NotFound: no such import.
    """
    entete = await _un(identifiant, moyens)
    lignes = await moyens.imports.lignes(identifiant)
    juge = await moyens.juges.courant()
    instant = now_as_stored(moyens.horloge)
    comparaison = await _comparer(moyens.imports.offres(CHAMPS), lignes, entete, juge)
    rapport = rapporter(lignes, comparaison)
    differences = await _montrer(comparaison, identifiant, juge, instant, moyens)
    apercu = {
        "version": comparaison.version,
        "calcule_le": instant,
        "lignes": compter(rapport),
        "changements": len(differences),
        "comptes": _comptes(differences),
    }
    await moyens.imports.garder_apercu(identifiant, apercu, rapport, differences)
    return {**entete, "apercu": apercu}


async def appliquer_import(identifiant: str, version: str, auteur: str, moyens: Moyens) -> Document:
    """Apply the difference previewed under `version`, whole or not at all; return the import.

    Raises:
        NotFound: no such import.
        ApercuDepasse: the difference is another one by now; the new one is previewed.
        Conflict: more offers would change than one application may.
    """
    entete = await _un(identifiant, moyens)
    lignes = await moyens.imports.lignes(identifiant)
    juge = await moyens.juges.courant()
    instant = now_as_stored(moyens.horloge)

    async def travail(transaction: TransactionDImport) -> str | None:
        comparaison = await _comparer(transaction.offres(CHAMPS), lignes, entete, juge)
        if comparaison.version != version:
            return comparaison.version
        _borner(comparaison, moyens)
        for lot in slices(comparaison.ecarts, _LOT):
            entieres = await transaction.formations([ecart.apres.id for ecart in lot])
            changees = [
                appliquer(entieres[ecart.apres.id], ecart, _campagne(juge), instant, identifiant)
                for ecart in lot
            ]
            await ecrire_faits(transaction, changees, juge, instant, moyens.horloge)
        if comparaison.ecarts:
            application = {
                "version": version,
                "par": auteur,
                "le": instant,
                "changements": len(comparaison.ecarts),
            }
            await transaction.noter_application(identifiant, application)
        return None

    autre = await moyens.imports.transaction(travail)
    apres = await apercevoir(identifiant, moyens)
    if autre is not None:
        raise ApercuDepasse(
            "Les offres ou un autre import ont changé depuis l'aperçu : ce qui serait appliqué "
            "n'est plus ce que vous avez lu. Un nouvel aperçu est prêt, relisez-le.",
            extra={"version": apres["apercu"]["version"]},
        )
    return await _un(identifiant, moyens)


async def _un(identifiant: str, moyens: Moyens) -> Document:
    entete = await moyens.imports.un(identifiant)
    if entete is None:
        raise NotFound(f"Aucun import « {identifiant} ».", code="import_inconnu")
    return entete


async def _comparer(
    lots: AsyncGenerator[list[Document], None],
    lignes: Sequence[LigneLue],
    entete: Document,
    juge: Juge,
) -> Comparaison:
    offres: list[Couverte] = []
    async with aclosing(lots):
        async for lot in lots:
            offres += await asyncio.to_thread(_couvertes, lot, juge)
    academies = {entete["academie"]} if entete["academie"] else None
    return await asyncio.to_thread(comparer, offres, lignes, academies)


def _couvertes(lot: Sequence[Document], juge: Juge) -> list[Couverte]:
    return [couverte(document, juge) for document in lot]


def _campagne(juge: Juge) -> str:
    return juge.contextes[Plateforme.AFFELNET].campagne.id


def _borner(comparaison: Comparaison, moyens: Moyens) -> None:
    nombre = len(comparaison.ecarts)
    if nombre > moyens.changements_max:
        raise Conflict(
            f"L'import changerait {nombre} offres, plus que les {moyens.changements_max} qu'une "
            "application admet ; rien n'a changé.",
            code="trop_de_changements",
            extra={"que_faire": "Importez académie par académie (« academie »)."},
        )


async def _montrer(
    comparaison: Comparaison, identifiant: str, juge: Juge, instant: datetime, moyens: Moyens
) -> list[Document]:
    """Return each difference as people read it: the status before and after, by one judge."""
    montrees: list[Document] = []
    for lot in slices(comparaison.ecarts, _LOT):
        entieres = await moyens.imports.completes([ecart.apres.id for ecart in lot])
        montrees += [
            _difference(entieres[ecart.apres.id], ecart, identifiant, juge, instant)
            for ecart in lot
            if ecart.apres.id in entieres
        ]
    return montrees


def _difference(
    document: Document, ecart: Ecart, identifiant: str, juge: Juge, instant: datetime
) -> Document:
    apres = appliquer(document, ecart, _campagne(juge), instant, identifiant)
    (_, statut_avant), (_, statut_apres) = (
        juger_sur_affelnet(un, juge) for un in (document, apres)
    )
    lire = document["projection"].get
    return {
        "id": document["_id"],
        "cle_ministere_educatif": lire("cle_ministere_educatif"),
        "intitule": lire("intitule_long"),
        "num_academie": lire("num_academie"),
        "nom_academie": lire("nom_academie"),
        "ligne": ecart.ligne,
        "statut_avant": statut_avant.value,
        "statut_apres": statut_apres.value,
        "identifiant_avant": ecart.avant.identifiant,
        "identifiant_apres": ecart.apres.identifiant,
        "secteur": ecart.apres.secteur,
        "code_nature": ecart.apres.code_nature,
        "mef": ecart.apres.mef,
        "infos": ecart.apres.infos,
    }


def _comptes(differences: Sequence[Document]) -> list[dict[str, Any]]:
    comptes = Counter(
        (une["num_academie"], une["statut_avant"], une["statut_apres"]) for une in differences
    )
    return [
        {"num_academie": academie, "statut_avant": avant, "statut_apres": apres, "nombre": nombre}
        for (academie, avant, apres), nombre in sorted(
            comptes.items(), key=lambda compte: tuple(map(str, compte[0]))
        )
    ]
