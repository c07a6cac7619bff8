"""Optimistic locks over HTTP: a write names, by `If-Match`, the version that its author saw."""

import re
from typing import Annotated, Final

from fastapi import Header

from services.kernel.problem import Invalid, PreconditionRequired

_VERSION: Final = re.compile(r"[0-9]{1,18}(\.[0-9a-f]{8})?")

IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        max_length=40,
        description="La version lue : l'en-tête `ETag` de la lecture. Obligatoire.",
    ),
]


def version_vue(if_match: str | None) -> str:
    """Return the version that the caller saw; raises `PreconditionRequired`, `Invalid`.

    `*`, which names none, is not taken: nobody overwrites what he has not read.
    """
    lu = (if_match or "").strip().removeprefix("W/").strip('"')
    if lu in {"", "*"}:
        raise PreconditionRequired(
            "Dites par « If-Match » quelle version vous avez lue : l'en-tête « ETag » la donne."
        )
    if not _VERSION.fullmatch(lu):
        raise Invalid(f"« If-Match » ne nomme aucune version : « {lu} ».")
    return lu


def etag(version: str) -> str:
    """Return the entity tag of a version."""
    return f'"{version}"'
