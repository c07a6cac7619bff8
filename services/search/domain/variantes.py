"""An offer followed entirely from afar and the same one on site (domain.md §1.3).

They bear the same clé up to its commune, which is 99999 and the site LAD for the one from afar. The
link is read when it is asked for: one of them may come, move or go without the other.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from contracts.identifiants import cle as cles

_CLE: Final = "cle_ministere_educatif"

Variantes = dict[str, Any]


def debut_commun(formation: Mapping[str, Any]) -> str | None:
    """Return how the clés of a formation and of its variants begin; None without a clé."""
    lue = cles.lire(formation.get(_CLE))
    return cles.debut_des_lieux(lue) if lue else None


def lier(formation: Mapping[str, Any], candidates: Iterable[Mapping[str, Any]]) -> Variantes:
    """Return the variant from afar of a formation on site, or those on site of one from afar.

    `candidates` are active formations, each with its `id`; those of other offers are left out, and
    so is one that bore such a clé before.
    """
    debut = debut_commun(formation)
    variantes: Variantes = {"variante_a_distance": None, "variantes_en_presentiel": []}
    ici = cles.lire(formation.get(_CLE))
    if debut is None or ici is None:
        return variantes
    for candidate in sorted(candidates, key=lambda c: str(c.get(_CLE))):
        lue = cles.lire(candidate.get(_CLE))
        if lue is None or lue == ici or cles.debut_des_lieux(lue) != debut:
            continue
        trouvee = {"id": candidate["id"], "cle": lue.texte, "localite": candidate.get("localite")}
        if lue.a_distance:
            variantes["variante_a_distance"] = trouvee
        elif ici.a_distance:
            variantes["variantes_en_presentiel"].append(trouvee)
    return variantes
