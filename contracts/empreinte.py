"""The digest by which services compare states without sending them (design.md §2)."""

import hashlib
import json
from typing import Any


def empreinte(etat: Any) -> str:  # noqa: ANN401 - any JSON value has a digest
    """Return 32 hexadecimal characters that depend only on the JSON value of `etat`.

    Keys are sorted and no blank is kept, so that any JSON library gives the same bytes.
    """
    texte = json.dumps(etat, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.blake2b(texte.encode(), digest_size=16).hexdigest()
