"""What people decide: drawn once among what was possible, each académie for its own offers."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from contracts.statuts import Plateforme, Statut
from services.export.domain.acces import Acteur
from services.export.domain.commandes import Commande, Saisie
from services.export.domain.motifs import MOTIFS
from services.export.usecases import decider
from services.kernel.batches import slices
from services.kernel.problem import Problem
from services.repetition.plateau import Plateau
from services.simulateur.hasard import tirage

Document = dict[str, Any]

_CHOIX: Final = "decisions"
_LOT: Final = 200
_A_DECIDER: Final = {
    Plateforme.PARCOURSUP: (
        Statut.A_PUBLIER,
        Statut.A_PUBLIER_RECTEUR,
        Statut.A_PUBLIER_POSTBAC,
        Statut.A_PUBLIER_HABILITATION,
    ),
    Plateforme.AFFELNET: (Statut.A_PUBLIER, Statut.A_PUBLIER_VALIDATION),
}
_PRECISION: Final = "Répétition : décision simulée."


async def prendre(plateau: Plateau) -> Document:
    """Take the decisions of the plan; those of an earlier beginning of this act are the same."""
    issues: Counter[str] = Counter()
    moyens = plateau.moyens
    avec = decider.Moyens(moyens.base, moyens.juges, moyens.horloge, moyens.ids)
    for academie, choix in (await _choix(plateau)).items():
        acteur = Acteur(f"répétition-{academie}", _couvre(academie), "instructeur")
        for lot in _lots(choix):
            for demande, issue in zip(
                lot, await decider.decider_ensemble(lot, acteur, avec), strict=True
            ):
                quoi = f"{demande.plateforme}.{demande.commande}"
                issues[f"{quoi}.{issue.code}" if isinstance(issue, Problem) else quoi] += 1
    return dict(sorted(issues.items()))


async def _choix(plateau: Plateau) -> dict[str, list[Document]]:
    """Return what was drawn, by académie; drawn and kept before the first is decided."""
    tenu = await plateau.carnet.find_one({"_id": _CHOIX})
    if tenu is None:
        plan = plateau.plan
        voulues = {
            Plateforme.PARCOURSUP: plan.decisions_parcoursup,
            Plateforme.AFFELNET: plan.decisions_affelnet,
        }
        tires = [un for nom, nombre in voulues.items() for un in await _tirer(plateau, nom, nombre)]
        tenu = {"_id": _CHOIX, "tires": tires}
        await plateau.carnet.insert_one(tenu)
    par_academie: dict[str, list[Document]] = defaultdict(list)
    for un in tenu["tires"]:
        par_academie[un["academie"]].append(un)
    return dict(sorted(par_academie.items()))


async def _tirer(plateau: Plateau, plateforme: Plateforme, nombre: int) -> list[Document]:
    """Draw among the offers that are to be decided, have a place that is known and an académie."""
    graine = plateau.plan.graine
    criteres = {
        f"affiche.{plateforme}": {"$in": [un.value for un in _A_DECIDER[plateforme]]},
        "projection.uai_formation": {"$exists": True},
        "projection.num_academie": {"$exists": True},
    }
    possibles = [
        (tirage(graine, plateforme.value, un["_id"]), un["_id"], un["projection"]["num_academie"])
        async for un in plateau.base.formations.find(criteres, {"projection.num_academie": 1})
    ]
    return [
        {
            "formation": identifiant,
            "academie": academie,
            "plateforme": plateforme.value,
            "motif": _motif(graine, plateforme, identifiant, plateau.plan.part_de_refus),
        }
        for _, identifiant, academie in sorted(possibles)[:nombre]
    ]


def _motif(graine: str, plateforme: Plateforme, identifiant: str, part: float) -> str | None:
    """Return why an offer is refused, None when its publication is asked for."""
    if tirage(graine, "refus", plateforme.value, identifiant) >= part:
        return None
    motifs = [un.code for un in MOTIFS if plateforme in un.plateformes]
    return motifs[int(tirage(graine, "motif", plateforme.value, identifiant) * len(motifs))]


def _lots(choix: Sequence[Document]) -> Iterator[list[decider.Demande]]:
    for lot in slices(choix, _LOT):
        yield [
            decider.Demande(
                un["formation"],
                Plateforme(un["plateforme"]),
                Commande.REFUSER if un["motif"] else Commande.PUBLIER,
                Saisie(motif=un["motif"], precision=_PRECISION if un["motif"] else None),
            )
            for un in lot
        ]


def _couvre(academie: str) -> Callable[[str | None], bool]:
    return lambda numero: numero == academie
