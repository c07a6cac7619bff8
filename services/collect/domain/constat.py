"""A finding on its way: a plain mapping, as `contracts.evenements.Constat` without its nulls."""

from typing import Final

Constat = dict[str, str]

_VALEUR_MAX: Final = 200


def constat(
    code: str,
    champ: str | None = None,
    valeur: object = None,
    proposition: str | None = None,
) -> Constat:
    """Return a finding; a long value is cut, as it is only quoted in a sentence."""
    fait = {"code": code}
    if champ is not None:
        fait["champ"] = champ
    if valeur is not None:
        fait["valeur"] = str(valeur)[:_VALEUR_MAX]
    if proposition is not None:
        fait["proposition"] = proposition
    return fait
