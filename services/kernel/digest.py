"""The digest of a state, as `contracts.empreinte` defines it, several times faster."""

from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import Any, Final

import orjson

from contracts.empreinte import empreinte

_CONTAINERS_AND_FLOATS: Final = frozenset((float, dict, list, tuple))


def digest(state: Mapping[str, Any]) -> str:
    """Return the digest of a JSON object: 32 hexadecimal characters, equal to `empreinte(state)`.

    Raises:
        TypeError: `state` holds something that is no JSON value.
    """
    if _has_exponent(state.values()):
        return empreinte(state)
    try:
        text = orjson.dumps(state, option=orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError:  # an integer beyond 64 bits is still a JSON value
        return empreinte(state)
    return blake2b(text, digest_size=16).hexdigest()


def _has_exponent(values: Iterable[Any]) -> bool:
    """Tell whether a number is written with an exponent: 5e-5 by orjson, 5e-05 by definition."""
    for value in values:
        if type(value) in _CONTAINERS_AND_FLOATS:
            if isinstance(value, float):
                if value and not 1e-4 <= abs(value) < 1e16:
                    return True
            elif value and _has_exponent(value.values() if isinstance(value, dict) else value):
                return True
    return False
