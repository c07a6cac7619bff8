"""Running a file of cases: each is answered, judged, and told."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.acceptance.decisions_prises import CHOIX
from tests.acceptance.groupes import GROUPES, Ici, NonPrisEnCharge
from tests.acceptance.jugement import Cas, Jugement, Verdict, juger
from tests.acceptance.outils import jour, mois_suivant

_DEPOT: Final = Path(__file__).parents[2]
_TABLES: Final = "refdata"
_MOIS_SUIVANT: Final = "<next month>"


@dataclass(frozen=True, slots=True)
class Fichier:
    """A file of cases, and the folder of the tables that they name."""

    cas: list[Cas]
    defauts: Mapping[str, Any]
    refdata: Path | None


def lire(chemin: Path, refdata: Path | None) -> Fichier:
    """Read a file of cases; without a folder of tables, look for one around the file."""
    lu = json.loads(chemin.read_text(encoding="utf-8"))
    return Fichier(lu["cases"], lu.get("defaults", {}), refdata or voisin(chemin, _DEPOT))


def voisin(chemin: Path, depot: Path) -> Path | None:
    """Return the `refdata` beside the folder of the cases, else in one beside the checkout."""
    dossiers = (
        chemin.resolve().parent.parent / _TABLES,
        *sorted(depot.parent.glob(f"*/{_TABLES}")),
    )
    return next((dossier for dossier in dossiers if dossier.is_dir()), None)


def executer(fichier: Fichier, mongo: str | None = None) -> Iterator[tuple[Cas, Jugement]]:
    """Yield each case with its verdict, in the order of the file.

    Cases of HTTP use a MongoDB: this one, that of the environment, or one started for them.
    """
    ici = Ici(fichier.defauts, fichier.refdata, mongo)
    with ici.fin:
        for cas in fichier.cas:
            yield cas, _un(_connu(cas, fichier.defauts), ici)


def _connu(cas: Cas, defauts: Mapping[str, Any]) -> Cas:
    """Return a case whose `<next month>` is the month after that of its computation."""
    if _MOIS_SUIVANT not in json.dumps(cas):
        return cas
    mois = mois_suivant(jour(cas["given"].get("now", defauts.get("now"))))
    remplace: Cas = json.loads(json.dumps(cas).replace(_MOIS_SUIVANT, mois))
    return remplace


def _un(cas: Cas, ici: Ici) -> Jugement:
    groupe = GROUPES.get(cas["group"]) or GROUPES.get(cas["group"].partition("/")[0] + "/")
    if groupe is None:
        return Jugement(Verdict.ECHOUE, (f"group: unknown {cas['group']!r}",))
    try:
        reponse = groupe.repondre(cas, ici)
    except NonPrisEnCharge as manque:
        return Jugement(Verdict.ECHOUE, (f"not answered: {manque}",))
    except Exception as erreur:  # noqa: BLE001 - a case that breaks the product is a failed case
        return Jugement(Verdict.ECHOUE, (f"raised: {type(erreur).__name__}: {erreur}",))
    return juger(cas, reponse, groupe.regard, CHOIX)


def rapport(resultats: list[tuple[Cas, Jugement]]) -> Iterator[str]:
    """Yield the lines of the report; the last one counts."""
    groupes: dict[str, Counter[Verdict]] = {}
    for cas, jugement in resultats:
        groupes.setdefault(cas["group"], Counter())[jugement.verdict] += 1
    for nom, comptes in groupes.items():
        yield f"{nom}: {_comptes(comptes)}"
    for cas, jugement in resultats:
        for raison in jugement.raisons:
            marque = "skipped: " if jugement.verdict is Verdict.SAUTE else ""
            yield f"{cas['id']}: {marque}{raison}"
    yield _comptes(Counter(jugement.verdict for _, jugement in resultats))


def _comptes(comptes: Counter[Verdict]) -> str:
    return ", ".join(f"{comptes[verdict]} {verdict.value}" for verdict in Verdict)
