"""What an import says of each row: a stable code, a French sentence, the offers found."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from services.export.domain.couverture_rapprochement import SUFFISANTE, Rapprochement
from services.export.domain.import_affelnet import Comparaison
from services.export.domain.lignes_affelnet import LigneLue

MESSAGES: Final[Mapping[str, str]] = {
    "publie": "L'offre est sur Affelnet ; elle est publiée au catalogue.",
    "refus_conserve": "L'offre reçoit son identifiant ; le refus de l'académie reste en vigueur.",
    "deja_prise": "L'offre trouvée est déjà rattachée à une autre ligne.",
    "plusieurs_offres": "Plusieurs offres correspondent aussi bien ; aucune n'est publiée.",
    "force_insuffisante": "La correspondance est trop faible (moins de 4) pour publier.",
    "sans_correspondance": "Aucune offre du catalogue ne correspond.",
    "sans_identifiant": "La ligne n'a pas d'académie ou de code d'offre ; elle est ignorée.",
    "academie_inconnue": "L'académie de la ligne est inconnue ; elle est ignorée.",
    "autre_academie": "La ligne est d'une autre académie que celle demandée ; elle est ignorée.",
    "sans_uai": "La ligne n'a pas d'UAI ; elle est ignorée.",
    "sans_cle_ni_mef": "La ligne n'a ni clé ni MEF ; elle est ignorée.",
    "identifiant_en_double": "Ce code d'offre est déjà plus haut dans le fichier ; ignorée.",
}

_RIEN: Final = Rapprochement()
_OFFRES_MAX: Final = 20  # shown of a row: a weak match may be of thousands


def rapporter(lues: Sequence[LigneLue], comparaison: Comparaison) -> list[dict[str, Any]]:
    """Return what is said of every row, in the order of the file."""
    return [_une(lue, comparaison) for lue in lues]


def _une(lue: LigneLue, comparaison: Comparaison) -> dict[str, Any]:
    trouve = comparaison.trouves.get(lue.numero, _RIEN)
    code = lue.refus or _code(lue.numero, trouve, comparaison)
    return {
        "ligne": lue.numero,
        "identifiant": lue.dite.identifiant if lue.dite else None,
        "code": code,
        "message": MESSAGES[code],
        "force": trouve.force,
        "offres": [une.id for une in trouve.trouvees[:_OFFRES_MAX]],
        "sites": [une.id for une in trouve.sites[:_OFFRES_MAX]],
        "nombre_d_offres": len(trouve.trouvees),
    }


def _code(numero: int, trouve: Rapprochement, comparaison: Comparaison) -> str:
    if trouve.force is None:
        return "sans_correspondance"
    if trouve.force < SUFFISANTE:
        return "force_insuffisante"
    if len(trouve.trouvees) != 1:
        return "plusieurs_offres"
    siennes = [une.id for une in trouve.publiees if comparaison.prises.get(une.id) == numero]
    if not siennes:
        return "deja_prise"
    return "refus_conserve" if comparaison.refusees.issuperset(siennes) else "publie"


def compter(rapports: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """Return how many rows each code is said of."""
    return dict(sorted(Counter(str(un["code"]) for un in rapports).items()))
