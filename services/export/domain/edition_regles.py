"""What a choice of condition does to a rule (domain.md §3.2)."""

from typing import Final

from contracts.statuts import Plateforme, Statut

DOIT: Final = "doit intégrer"
PEUT: Final = "peut intégrer"
NE_DOIT_PAS: Final = "ne doit pas intégrer"

STATUTS_PAR_CONDITION: Final[dict[Plateforme, dict[str, tuple[Statut, ...]]]] = {
    Plateforme.PARCOURSUP: {
        DOIT: (Statut.A_PUBLIER,),
        PEUT: (
            Statut.A_PUBLIER_HABILITATION,
            Statut.A_PUBLIER_POSTBAC,
            Statut.A_PUBLIER_RECTEUR,
            Statut.A_PUBLIER,
        ),
        NE_DOIT_PAS: (Statut.NON_PUBLIABLE,),
    },
    Plateforme.AFFELNET: {
        DOIT: (Statut.A_PUBLIER,),
        PEUT: (Statut.A_DEFINIR,),
        NE_DOIT_PAS: (Statut.NON_PUBLIABLE,),
    },
}


def statut_par_defaut(plateforme: Plateforme, condition: str) -> Statut:
    """Return the status that a new rule of this condition takes: the first admitted."""
    return STATUTS_PAR_CONDITION[plateforme][condition][0]


def changer_de_condition(plateforme: Plateforme, condition: str, *, nommee: bool) -> Statut | None:
    """Return the status that a rule takes with its new condition; None: it is deleted (softly).

    Forbidding is what the absence of an unnamed rule already does; a named one stays, to be seen.
    """
    if condition == NE_DOIT_PAS and not nommee:
        return None
    return statut_par_defaut(plateforme, condition)
