"""The JSON Schema of each topic's data, draft 2020-12."""

from typing import Any, Final

from pydantic import BaseModel

from contracts.evenements import (
    AvancementV1,
    AvisV1,
    ConstatsV1,
    FormationV1,
    OffreV1,
    PublicationV1,
    ReferentielV1,
)
from contracts.topics import (
    AVANCEMENT,
    AVIS,
    CONSTATS,
    FORMATIONS,
    OFFRES,
    PUBLICATIONS,
    REFERENTIELS,
    Topic,
)

DIALECTE: Final = "https://json-schema.org/draft/2020-12/schema"

MODELES: Final[dict[Topic, type[BaseModel]]] = {
    OFFRES: OffreV1,
    FORMATIONS: FormationV1,
    CONSTATS: ConstatsV1,
    AVANCEMENT: AvancementV1,
    PUBLICATIONS: PublicationV1,
    REFERENTIELS: ReferentielV1,
    AVIS: AvisV1,
}


def nom_court(topic: Topic) -> str:
    """Return `formations` for `catalogue.formations.v1`."""
    return topic.name.split(".")[1]


def fichier(topic: Topic) -> str:
    """Return the file name of a topic's schema: `formations.v1.json`."""
    return topic.name.removeprefix("catalogue.") + ".json"


def schema(topic: Topic) -> dict[str, Any]:
    """Return the schema of a topic's data.

    Fields with a default are optional and unknown fields are allowed: readers must bear both.
    """
    return {
        "$schema": DIALECTE,
        "$id": f"urn:catalogue:schemas:{topic.name.removeprefix('catalogue.')}",
        **MODELES[topic].model_json_schema(),
    }
