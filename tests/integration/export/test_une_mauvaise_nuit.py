"""« One bad night » on the real path, from the topic of formations to what is stored and told."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import pytest

from contracts.statuts import Plateforme, Statut
from services.export.adapters.mongo import BaseMongo
from services.export.adapters.reevaluations import ReevaluationsMongo
from services.export.adapters.regles import JugesMongo, ReglesMongo
from services.export.domain.decisions_du_systeme import Prise, prendre
from services.export.domain.regles_lecture import lire_fichier
from services.export.domain.statut import Nature
from services.export.ports import Transaction
from services.export.settings import ExportSettings
from services.export.usecases.faits import ecrire_faits
from services.export.usecases.reevaluer import reevaluer_tout
from services.kernel.clock import FixedClock
from tests.integration.export.conftest import consommant
from tests.support.polling import eventually
from tests.unit.export.fabrique import INSTANT, document_de_regle, evenement
from tests.unit.export.test_une_mauvaise_nuit import MAUVAISES, nuit

pytestmark = pytest.mark.integration

FAITS: list[tuple[Plateforme, Statut | None, str | None]] = [
    (Plateforme.PARCOURSUP, None, None),
    (Plateforme.PARCOURSUP, Statut.PRET, None),
    (Plateforme.PARCOURSUP, Statut.PRET, "publié"),
    (Plateforme.PARCOURSUP, Statut.PRET, "rejet de publication"),
    (Plateforme.PARCOURSUP, Statut.PRET, "échec d'envoi"),
    (Plateforme.PARCOURSUP, Statut.PRET, "fermé"),
    (Plateforme.PARCOURSUP, Statut.EN_ATTENTE, None),
    (Plateforme.PARCOURSUP, Statut.NON_PUBLIE, None),
    (Plateforme.AFFELNET, None, None),
    (Plateforme.AFFELNET, Statut.PRET, None),
    (Plateforme.AFFELNET, Statut.PRET, "publié"),
    (Plateforme.AFFELNET, Statut.EN_ATTENTE, None),
    (Plateforme.AFFELNET, Statut.NON_PUBLIE, None),
]
OFFRES = [
    (f"{rang:026}", plateforme, statut, retour, mauvaise)
    for rang, (plateforme, statut, retour, mauvaise) in enumerate(
        (*fait, mauvaise) for fait in FAITS for mauvaise in MAUVAISES
    )
]


def livraison(sequence: int, *, mauvaise: bool) -> list[dict[str, Any]]:
    return [
        nuit(plateforme, sequence, MAUVAISES[nom] if mauvaise else {}) | {"id": id_}
        for id_, plateforme, _, _, nom in OFFRES
    ]


async def dire(base: BaseMongo, juges: JugesMongo, horloge: FixedClock) -> None:
    """Decide every offer, and have the platforms answer, as `FAITS` says."""
    juge = await juges.courant()

    async def travail(transaction: Transaction) -> None:
        documents = await transaction.formations([id_ for id_, *_ in OFFRES])
        journal = []
        for id_, plateforme, statut, retour, _ in OFFRES:
            document = documents[id_]
            if statut is None:
                continue
            prise = Prise(Nature.PUBLIER, statut, "2020", INSTANT, "nantes")
            journal.append(prendre(document, plateforme, prise))
            if retour:
                document["retours"] = {
                    plateforme.value: {
                        "decision": 1,
                        "statut": retour,
                        "campagne": "2020",
                        "recu_le": INSTANT,
                        "identifiant": id_,
                    }
                }
        await ecrire_faits(
            transaction, list(documents.values()), juge, INSTANT, horloge, journal=journal
        )

    await base.transaction(travail)


async def tenues(base: BaseMongo, champs: Iterable[str]) -> dict[str, dict[str, Any]]:
    curseur = base.formations.find({}, dict.fromkeys(champs, 1), sort=[("_id", 1)])
    return {un["_id"]: un async for un in curseur}


async def test_whatever_it_delivers_the_good_one_finds_everything_as_it_was(
    base: BaseMongo,
    juges: JugesMongo,
    export: ExportSettings,
    horloge: FixedClock,
    publier: Callable[..., Awaitable[None]],
) -> None:
    regles = [document_de_regle(plateforme) for plateforme in Plateforme]
    await ReglesMongo(base).remplacer(lire_fichier(regles).regles, INSTANT)

    async def arrivee(sequence: int) -> None:
        async def toutes() -> bool:
            nombre = await base.formations.count_documents({"sequence": sequence})
            return nombre == len(OFFRES)

        await eventually(toutes)

    faits = ("decisions", "retours", "publication.plateformes")
    async with consommant(base, juges, export, horloge):
        await publier(livraison(1, mauvaise=False))
        await arrivee(1)
        await dire(base, juges, horloge)
        avant = await tenues(base, faits)
        decisions = [un async for un in base.decisions.find({})]

        await publier(livraison(2, mauvaise=True))
        await arrivee(2)
        nuit_ = await tenues(base, faits)
        # The nightly run of the historic system lost the requests here.
        await reevaluer_tout(ReevaluationsMongo(base), base, juges, horloge, lot=50)
        await publier(livraison(3, mauvaise=False))
        await arrivee(3)

    assert await tenues(base, faits) == avant
    assert [un async for un in base.decisions.find({})] == decisions
    montrees = [
        (
            nuit_[id_]["publication"]["plateformes"][p]["statut"],
            un["publication"]["plateformes"][p]["statut"],
        )
        for id_, un in avant.items()
        for p in map(str, Plateforme)
    ]
    tombees = sum(pendant != toujours for pendant, toujours in montrees)
    assert tombees > len(OFFRES) // 2, "the night was bad indeed"
    entrees = await base.historique.count_documents({"cause": "livraison"})
    assert entrees == 2 * tombees, "each loss and each return is told, with its cause"


async def test_a_night_that_comes_late_changes_nothing(
    base: BaseMongo,
    juges: JugesMongo,
    export: ExportSettings,
    horloge: FixedClock,
    publier: Callable[..., Awaitable[None]],
) -> None:
    un = OFFRES[0][0]
    async with consommant(base, juges, export, horloge):
        await publier([evenement(un, 3)])
        await publier([evenement(un, 2, formation={"published": False}), evenement("f" * 26)])
        await eventually(lambda: base.formations.find_one({"_id": "f" * 26}))
    montre = (await tenues(base, ("publication.plateformes", "sequence")))[un]
    assert montre["sequence"] == 3
    assert montre["publication"]["plateformes"]["parcoursup"]["statut"] == "à publier"
