"""The Kafka topics of the catalogue, declared once (design.md §2).

Every topic is keyed by the id of what it carries and has a dead-letter topic of its own. Topics are
created from this table by `catalogue topics creer`, never by a client.
"""

from dataclasses import dataclass
from typing import Final, Literal

CleanUp = Literal["compact", "delete"]

DAY_MS: Final = 86_400_000
REBUT_SUFFIX: Final = ".rebut"
DEFAULT_PARTITIONS: Final = 12


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic: its name without namespace, what its key is, and how long it keeps what."""

    name: str
    key: str
    cleanup: CleanUp
    retention_ms: int | None
    partitions: int = DEFAULT_PARTITIONS
    description: str = ""

    @property
    def rebut(self) -> "Topic":
        """Return the dead-letter topic, keyed by origin topic, partition and offset."""
        family, _, version = self.name.rpartition(".")
        return Topic(
            name=f"{family}{REBUT_SUFFIX}.{version}",
            key="origine",
            cleanup="compact",
            retention_ms=None,
            partitions=1,
            description=f"Enregistrements de {self.name} mis à l'écart, avec leur raison.",
        )


OFFRES: Final = Topic(
    "catalogue.offres.v1",
    key="offre",
    cleanup="delete",
    retention_ms=7 * DAY_MS,
    description="Offres acceptées au dépôt, retraits et successions, telles que déposées.",
)
FORMATIONS: Final = Topic(
    "catalogue.formations.v1",
    key="formation",
    cleanup="compact",
    retention_ms=None,
    description="État complet de chaque formation enrichie ; le dernier message fait foi.",
)
CONSTATS: Final = Topic(
    "catalogue.constats.v1",
    key="depot",
    cleanup="delete",
    retention_ms=7 * DAY_MS,
    description="Réponse de l'enrichissement à chaque ligne déposée : statut et constats.",
)
AVANCEMENT: Final = Topic(
    "catalogue.avancement.v1",
    key="depot",
    cleanup="delete",
    retention_ms=7 * DAY_MS,
    description="Lignes d'un dépôt arrivées à une étape (enrichie, indexée, évaluée).",
)
PUBLICATIONS: Final = Topic(
    "catalogue.publications.v1",
    key="formation",
    cleanup="compact",
    retention_ms=None,
    description=(
        "Statut de chaque formation sur Parcoursup et Affelnet ; le dernier fait foi. Une "
        "formation absente est « non publiable en l'état » sur l'un comme sur l'autre : aucune "
        "règle ne l'admet et rien n'en a été décidé."
    ),
)
REFERENTIELS: Final = Topic(
    "catalogue.referentiels.v1",
    key="table",
    cleanup="delete",
    retention_ms=30 * DAY_MS,
    partitions=1,
    description=(
        "Table de référence mise en vigueur : ce qui y ferme, s'y termine ou y est remplacé, avec "
        "les offres que cela concerne par établissement et par académie."
    ),
)
AVIS: Final = Topic(
    "catalogue.avis.v1",
    key="destinataire",
    cleanup="delete",
    retention_ms=30 * DAY_MS,
    partitions=3,
    description=(
        "Avis du jour d'une académie ou d'un établissement : combien d'offres attendent quoi, et "
        "lesquelles sont nouvelles depuis son avis précédent."
    ),
)

TOPICS: Final[tuple[Topic, ...]] = (
    OFFRES,
    FORMATIONS,
    CONSTATS,
    AVANCEMENT,
    PUBLICATIONS,
    REFERENTIELS,
    AVIS,
)
ALL_TOPICS: Final[tuple[Topic, ...]] = TOPICS + tuple(topic.rebut for topic in TOPICS)
