"""What a free-text query asks for: words, codes of the field, levels.

«RNCP 26650», «190 607 937 00074», «0593321p», «bac+5» are each one thing to look for, however they
are written; the rest are words, without case, accents, elided articles and empty words.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from services.search.domain.textes import MOTS_VIDES, plier, sans_article

MOTS_MAX: Final = 12


class Nature(StrEnum):
    """How a term is looked for."""

    MOT = "mot"
    CODE = "code"
    NIVEAU = "niveau"


@dataclass(frozen=True, slots=True)
class Terme:
    """One thing that a query asks for; a `MOT` is folded, a `CODE` as the field writes it."""

    nature: Nature
    texte: str


_NIVEAU_DU_BAC: Final = {"2": "5", "3": "6", "4": "6", "5": "7", "8": "8"}
_MOTIFS: Final[tuple[tuple[Nature, re.Pattern[str]], ...]] = (
    (Nature.CODE, re.compile(r"\b\d{6}p\d{2}[\dx]{2}\d{28}-[\dab]{5}(?:#l[\dad]{2})?")),
    (Nature.CODE, re.compile(r"\brncp[\s:n°-]*\d{2,6}\b")),
    (Nature.CODE, re.compile(r"\b\d{3}[\s.]?\d{3}[\s.]?\d{3}[\s.]?\d{5}\b")),
    (Nature.CODE, re.compile(r"\b\d{7}\s?[a-z]\b")),
    (Nature.NIVEAU, re.compile(r"\bbac\s*\+\s*([234568])\b")),
    (Nature.NIVEAU, re.compile(r"\bniveau\s+([3-8])\b")),
    (Nature.CODE, re.compile(r"\b[a-z]\d{4}\b")),
    (Nature.CODE, re.compile(r"\b(?:\d{10}|\d{2}[\da-z]\d{5})\b")),
)
_MOT: Final = re.compile(r"[\w+#']+(?:['’][\w]+)*", re.UNICODE)


def analyser(texte: str) -> tuple[Terme, ...]:
    """Return what a query asks for, in its order, at most `MOTS_MAX` terms, each once.

    Empty words are left out unless the query holds nothing else. Equal queries in other case,
    accents or apostrophes give equal terms.
    """
    plie = plier(texte)
    termes = list(dict.fromkeys(_termes(plie)))
    pleins = [t for t in termes if t.nature is not Nature.MOT or t.texte not in MOTS_VIDES]
    return tuple((pleins or termes)[:MOTS_MAX])


def _termes(texte: str) -> Iterator[Terme]:
    for nature, motif in _MOTIFS:
        if trouve := motif.search(texte):
            yield from _termes(texte[: trouve.start()])
            yield _terme(nature, trouve)
            yield from _termes(texte[trouve.end() :])
            return
    for mot in _MOT.findall(texte):
        if nu := sans_article(mot.strip("'+#_")):
            yield from (Terme(Nature.MOT, partie) for partie in nu.split("'") if partie)


def _terme(nature: Nature, trouve: re.Match[str]) -> Terme:
    if nature is Nature.NIVEAU:
        chiffre = trouve[1]
        europe = _NIVEAU_DU_BAC[chiffre] if trouve[0].startswith("bac") else chiffre
        return Terme(nature, europe)
    return Terme(nature, _code(trouve[0]))


def _code(ecrit: str) -> str:
    if ecrit.startswith("rncp"):
        return "RNCP" + re.sub(r"\D", "", ecrit).lstrip("0")
    return re.sub(r"[\s.]", "", ecrit).upper()
