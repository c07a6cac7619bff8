"""What the API of enrich answers."""

from pydantic import BaseModel, Field


class Reemission(BaseModel):
    """Formations whose events are to be sent again."""

    ids: list[str] = Field(min_length=1)


class Reemises(BaseModel):
    """What was sent again, and the ids that name no formation."""

    reemises: int
    inconnues: list[str]
