"""Kit apprentissage (XLSX, CSV, JSON), ONISEP links (JSON, CSV), MEF that Parcoursup trusts."""

from collections.abc import Iterable, Iterator
from typing import Final

from services.enrich.domain.chargement.exports.modele import Export, Pieces, Rangee, renommer

_KIT: Final = {"cfd": "code_diplome", "code_rncp": "code_rncp"}


def _kit(rangees: Iterable[Rangee], _: Pieces) -> Iterator[Rangee]:
    """Yield pairs; a code without its prefix gets it (`12345` is RNCP12345)."""
    for rangee in rangees:
        rncp = rangee.get("code_rncp", "").strip()
        yield {
            "cfd": rangee.get("code_diplome", "").strip(),
            "code_rncp": f"RNCP{rncp}" if rncp.isdecimal() else rncp,
        }


def _kit_json(rangees: Iterable[Rangee], pieces: Pieces) -> Iterator[Rangee]:
    return _kit(
        (
            {
                "code_diplome": rangee.get("code_cfd") or rangee.get("cfd", ""),
                "code_rncp": rangee.get("code_rncp") or rangee.get("rncp", ""),
            }
            for rangee in rangees
        ),
        pieces,
    )


EXPORTS: Final = (
    Export("Kit apprentissage", frozenset(_KIT.values()), "kit_apprentissage", _kit),
    Export(
        "Kit apprentissage (JSON)",
        frozenset({"code_cfd", "code_rncp"}),
        "kit_apprentissage",
        _kit_json,
    ),
    Export(
        "ONISEP, par code",
        frozenset({"code", "url_onisep"}),
        "onisep",
        renommer({"code": "code", "url": "url_onisep"}),
    ),
    Export(
        "ONISEP, formations",
        frozenset({"code_diplome_en", "url_redirection_formation"}),
        "onisep",
        renommer(
            {
                "code": "code_diplome_en",
                "url": "url_redirection_formation",
                "intitule": "for_libconcat",
            }
        ),
    ),
    Export(
        "MEF de confiance (Parcoursup)",
        frozenset({"mef_parcoursup"}),
        "mefs_parcoursup",
        renommer({"mef": "mef_parcoursup"}),
    ),
)
