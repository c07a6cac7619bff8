"""An operation on all offers of a platform: asked for once a campaign, carried out batch by batch.

Its document tells where it is; each batch moves it in the transaction that writes the batch, so
that a process killed anywhere leaves an operation that the next one goes on with.
"""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from contracts.statuts import Plateforme
from services.export.domain.campagne import Campagne
from services.export.domain.demarrage import Demarrage

Document = dict[str, Any]


class NatureOperation(StrEnum):
    """What is done to the offers."""

    DEMARRAGE = "demarrage"
    SEPTEMBRE = "septembre"


class Etape(StrEnum):
    """Where an operation is. A start goes through the first three, 1 September has its own."""

    PHOTOGRAPHIE = "photographie"  # the season that ends, offer by offer
    BASCULE = "bascule"  # the campaign becomes the current one
    REPRISE = "reprise"  # the facts that do not survive it, offer by offer
    ECHEANCES = "echeances"  # requests that lapse, offer by offer
    TERMINEE = "terminee"


class OperationRefusee(Exception):
    """The operation makes no sense now; says why and what would be needed."""

    def __init__(self, code: str, raison: str, que_faire: str) -> None:
        """Keep a stable code and two French sentences."""
        super().__init__(raison)
        self.code = code
        self.raison = raison
        self.que_faire = que_faire


def demarrage(
    plateforme: Plateforme, debut: date, courante: Campagne, *, enregistree: bool
) -> Demarrage:
    """Return the start that is asked for, after the campaign in force.

    `enregistree` tells that the one in force was recorded, not deduced from the day; deduced, it
    may be started for good.

    Raises:
        OperationRefusee: the campaign in force is that one already, or a later one.
    """
    apres = Campagne(debut)
    if debut.year < courante.debut.year:
        raise OperationRefusee(
            "campagne_anterieure",
            f"La campagne en vigueur est celle de {courante.id}.",
            f"Donnez un début après le {courante.debut.isoformat()}.",
        )
    if debut.year > courante.debut.year:
        return Demarrage(plateforme, courante, apres)
    if enregistree:
        raise OperationRefusee(
            "campagne_deja_ouverte",
            f"La campagne {courante.id} est déjà ouverte.",
            "Corrigez la date de son début par PUT /v1/campagnes/{plateforme} si elle est fausse.",
        )
    return Demarrage(plateforme, Campagne(debut.replace(year=debut.year - 1, day=1)), apres)


def nouvelle(
    nature: NatureOperation,
    plateforme: Plateforme,
    campagne: str,
    demandee_par: str,
    instant: datetime,
    **parametres: str,
) -> Document:
    """Return an operation that begins; its id says what is done once only."""
    premiere = Etape.PHOTOGRAPHIE if nature is NatureOperation.DEMARRAGE else Etape.ECHEANCES
    return {
        "_id": identifiant(nature, plateforme, campagne),
        "nature": nature.value,
        "plateforme": plateforme.value,
        "campagne": campagne,
        "parametres": parametres,
        "demandee_par": demandee_par,
        "demandee_le": instant,
        "etape": premiere.value,
        "curseur": "",
        "comptes": {},
        "version": 0,
        "terminee_le": None,
    }


def identifiant(nature: NatureOperation, plateforme: Plateforme, campagne: str) -> str:
    """Return the id of an operation."""
    return f"{nature.value}-{plateforme.value}-{campagne}"


def lire_demarrage(operation: Mapping[str, Any]) -> Demarrage:
    """Return the start that an operation carries out."""
    parametres = operation["parametres"]
    return Demarrage(
        Plateforme(operation["plateforme"]),
        Campagne(date.fromisoformat(parametres["avant"])),
        Campagne(date.fromisoformat(parametres["debut"])),
    )


def compter(operation: Mapping[str, Any], **plus: int) -> dict[str, int]:
    """Return the counts of an operation with those of a batch."""
    comptes: dict[str, int] = operation["comptes"]
    return {nom: comptes.get(nom, 0) + plus.get(nom, 0) for nom in (*comptes, *plus)}
