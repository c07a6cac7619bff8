"""Acts on the whole: rules, the start of a campaign, Affelnet's 1 September, a bad night."""

from collections.abc import Iterable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Final

import orjson

from contracts.statuts import Plateforme
from services.export.domain.disjoncteur import Disjoncteur
from services.export.domain.regles_lecture import lire_fichier
from services.export.domain.vie_regles import Auteur
from services.export.usecases import regler
from services.export.usecases.demander_operation import demander_demarrage, demander_septembre
from services.export.usecases.operations import mener
from services.export.usecases.projeter import appliquer
from services.kernel.batches import in_batches
from services.kernel.problem import Conflict
from services.repetition.plan import Plan
from services.repetition.plateau import AUTEUR, Plateau
from services.repetition.simulation import peupler
from services.simulateur.hasard import tirage

Document = dict[str, Any]

AVANT: Final = "repetition_avant"
_MANQUANTE: Final = "retiree"
_REFERENCE: Final = "etablissement_reference_"
_LOT: Final = 1_000


async def preparer(plateau: Plateau) -> Document:
    """Judge all as of the first day, note what is shown then, have the platform know its offers."""
    await plateau.moyens.surveillance.garder(Disjoncteur(), None)
    await plateau.base.parametres.delete_one({"_id": "parcoursup_arret"})
    suivi = await plateau.suivre()
    connues = await peupler(plateau.simulateur, plateau.base)
    await (
        await plateau.base.formations.aggregate([{"$project": {"affiche": 1}}, {"$out": AVANT}])
    ).to_list()
    return {**suivi, "connues_de_parcoursup": connues}


async def changer_les_regles(plateau: Plateau) -> Document:
    """Put the rules of the plan in force: a whole set, then some in addition."""
    plan, fait = plateau.plan, {}
    if plan.regles is not None:
        lecture = lire_fichier(_lire(plan.regles))
        fait = await plateau.regles.remplacer(lecture.regles, plateau.horloge.now(), AUTEUR)
        fait["ecartees"] = len(lecture.ecartees)
    ajoutees = 0
    if plan.regles_en_plus is not None:
        for contenu in lire_fichier(_lire(plan.regles_en_plus)).regles.values():
            ajoutees += await _ajouter(plateau, contenu)
    return {**fait, "en_plus": ajoutees, **await plateau.suivre()}


async def _ajouter(plateau: Plateau, contenu: Document) -> bool:
    auteur = Auteur(AUTEUR, plateau.horloge.now())
    try:
        await regler.creer(plateau.regles, contenu, auteur)
    except Conflict as refus:
        if refus.code != "regle_deja_presente":
            raise
        return False
    return True


async def demarrer(plateau: Plateau, debut: date) -> Document:
    """Start the campaign on both platforms; one that is open already is left as it is."""
    faits: Document = {}
    for plateforme in Plateforme:
        try:
            operation = await demander_demarrage(
                plateforme,
                debut,
                AUTEUR,
                plateau.operations,
                plateau.moyens.juges,
                plateau.horloge,
            )
        except Conflict as refus:
            if refus.code not in ("campagne_deja_ouverte", "campagne_deja_demarree"):
                raise
            faits[plateforme.value] = refus.detail
            continue
        faits[plateforme.value] = await _mener(plateau, operation)
    return {**faits, **await plateau.suivre()}


async def premier_septembre(plateau: Plateau) -> Document:
    """Let the requests of Affelnet that were not made anew lapse."""
    jour = plateau.horloge.now().date()
    operation = await demander_septembre(
        AUTEUR, jour, plateau.operations, plateau.moyens.juges, plateau.horloge
    )
    return {**await _mener(plateau, operation), **await plateau.suivre()}


async def _mener(plateau: Plateau, operation: Document) -> Document:
    await mener(
        operation["_id"],
        plateau.operations,
        plateau.moyens.juges,
        plateau.horloge,
        lot=plateau.settings.operation_lot,
        poursuivre=_toujours,
    )
    tenue = await plateau.operations.une(operation["_id"])
    comptes: Document = (tenue or operation)["comptes"]
    return comptes


async def _toujours() -> bool:
    return True


async def mauvaise_nuit(plateau: Plateau) -> Document:
    """Have the flow of the night lack a part of the offers: each is withdrawn."""
    return {"manquantes": await _livrer(plateau, manquantes=True)}


async def lendemain(plateau: Plateau) -> Document:
    """Have the next flow bring them all back."""
    return {"revenues": await _livrer(plateau, manquantes=False)}


async def _livrer(plateau: Plateau, *, manquantes: bool) -> int:
    """Apply, as enrich would tell them, the states of the offers of the bad night."""
    manque, livrees = partial(_manque, plateau.plan), 0
    criteres = {"projection.etat": {"$exists": not manquantes}}
    curseur = plateau.base.formations.find(criteres, _LUS, sort=[("_id", 1)])
    etats = (etat_livre(un, retiree=manquantes) async for un in curseur if manque(un["_id"]))
    async for lot in in_batches(etats, _LOT):
        await appliquer(lot, plateau.base, plateau.moyens.juges, plateau.horloge)
        livrees += len(lot)
    return livrees


_LUS: Final = ("sequence", "empreinte", "projection")


def _manque(plan: Plan, identifiant: str) -> bool:
    return tirage(plan.graine, "nuit", identifiant) < plan.part_de_la_nuit


def etat_livre(document: Document, *, retiree: bool) -> Document:
    """Return the state that brings a formation as it is known, withdrawn or back."""
    projection = document["projection"]
    formation = {
        nom.replace(_REFERENCE, "etablissement_gestionnaire_"): valeur
        for nom, valeur in projection.items()
    }
    liens = {
        nom: projection[nom] for nom in ("predecesseurs", "remplacee_par") if nom in projection
    }
    return {
        "id": document["_id"],
        "sequence": document["sequence"] + 1,
        "empreinte": document["empreinte"],
        "etat": _MANQUANTE if retiree else "active",
        "formation": formation,
        "constats": _constats(projection),
        **liens,
    }


def _constats(projection: Document) -> list[Document]:
    """Return the findings kept of an offer, each once and as whole as it is known."""
    entiers = {_nom(un): un for un in projection.get("alertes") or ()}
    connus = [entiers.pop(_nom(un), un) for un in projection.get("constats") or ()]
    return [*connus, *entiers.values()]


def _nom(constat: Document) -> tuple[str, object, object]:
    return constat["code"], constat.get("champ"), constat.get("valeur")


def _lire(fichier: Path) -> Iterable[object]:
    lues: list[object] = orjson.loads(fichier.read_bytes())
    return lues
