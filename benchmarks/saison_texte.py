"""The page that tells a simulated season, in French."""

from collections.abc import Mapping
from typing import Any, Final

from contracts.statuts import Plateforme
from services.repetition.rapport import en_texte as dire
from services.repetition.rapport import par_academie

Document = Mapping[str, Any]

_PAGE: Final = """\
# Une saison simulée

Produit par `python -m benchmarks.saison docs/saison-simulee.md` ; les mêmes données et la même
graine (`{graine}`) redonnent les mêmes nombres, aux durées près.

Réels : les {offres} offres de novembre 2020, les 200 règles nationales, les lignes d'Affelnet de
2020. Synthétiques : année, durée, dates de début et clé des offres ; les {regles} règles ajoutées
(nommées, excluantes, d'académies) ; `CODE_OFFRE` et les lignes d'Affelnet qui nomment une offre par
sa clé ; les décisions ; Parcoursup.

{rapport}
## Statuts par académie, avant et après la saison

### Parcoursup

{parcoursup}

### Affelnet

{affelnet}

## La même, le processus tué

`kill -9` à {morts} moments tirés au sort, le processus suivant reprenant. Il était alors à :
{ou}.

| | sans interruption | tuée |
|---|---|---|
| durée | {secondes:.0f} s | {secondes_tuee:.0f} s |
| empreinte des faits, du journal et des statuts | `{empreinte}` | `{empreinte_tuee}` |

États finals {verdict} (instants et identifiants produits mis à part).
"""


def en_texte(resultat: Document) -> str:
    """Return the page: what is real and what is not, the report, the season that was killed."""
    entiere, tuee, morts = resultat["entiere"], resultat["tuee"], resultat["morts"]
    egales = entiere["empreinte"] == tuee["empreinte"]
    return _PAGE.format(
        graine=entiere["plan"]["graine"],
        offres=resultat["offres"],
        regles=resultat["regles_en_plus"],
        rapport=dire(entiere, "La saison"),
        parcoursup="\n".join(par_academie(entiere, Plateforme.PARCOURSUP)),
        affelnet="\n".join(par_academie(entiere, Plateforme.AFFELNET)),
        morts=sum(morts.values()),
        ou=", ".join(f"{acte} ({fois})" for acte, fois in sorted(morts.items())),
        secondes=resultat["secondes"],
        secondes_tuee=resultat["secondes_tuee"],
        empreinte=entiere["empreinte"],
        empreinte_tuee=tuee["empreinte"],
        verdict="identiques" if egales else "**différents**",
    )
