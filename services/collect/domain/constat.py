"""A finding on its way: a plain mapping, as `contracts.evenements.Constat` without its nulls."""

from collections.abc import Mapping
from typing import Any, Final

from contracts.evenements import Confiance

Constat = dict[str, Any]

_VALEUR_MAX: Final = 200


def constat(
    code: str,
    champ: str | None = None,
    valeur: object = None,
    proposition: str | None = None,
    **motifs: Any,  # noqa: ANN401 - those of `proposer`
) -> Constat:
    """Return a finding; a long value is cut, as it is only quoted in a sentence.

    A proposal comes with its `raison` and `confiance`, and a `correction` if one can be applied.
    """
    fait: Constat = {"code": code}
    if champ is not None:
        fait["champ"] = champ
    if valeur is not None:
        fait["valeur"] = str(valeur)[:_VALEUR_MAX]
    if proposition is not None:
        proposer(fait, proposition, **motifs)
    return fait


def proposer(
    fait: Constat,
    proposition: str,
    raison: str,
    confiance: Confiance,
    correction: Mapping[str, Any] | None = None,
) -> None:
    """Add a proposal to a finding: what a person reads, why, how sure, what accepting would do."""
    fait["proposition"] = proposition
    fait["raison"] = raison
    fait["confiance"] = confiance.value
    if correction is not None:
        fait["correction"] = correction
