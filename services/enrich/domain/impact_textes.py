"""Notices as people read them, in French."""

from typing import Final

from services.enrich.domain.impact import Fait, Nature
from services.kernel.french import jour, nombre

_DEBUTS: Final = {
    Nature.CFD_FERME: "Le diplôme {quoi} ferme{le}",
    Nature.CFD_REMPLACE: "Le diplôme {quoi} est remplacé{le}",
    Nature.CFD_RETIRE: "Le diplôme {quoi} n'est plus dans la nomenclature",
    Nature.RNCP_TERMINE: "La fiche {quoi} se termine{le}",
    Nature.RNCP_REMPLACE: "La fiche {quoi} est remplacée{le}",
    Nature.RNCP_RETIRE: "La fiche {quoi} n'est plus dans le répertoire",
    Nature.COMMUNE_REUNIE: "La commune {quoi} a été réunie à une autre ou renumérotée",
    Nature.ETABLISSEMENT_FERME: "L'établissement {quoi} est fermé{le}",
    Nature.QUALIOPI_PERDUE: "L'établissement {quoi} n'est plus certifié Qualiopi{le}",
}
_A_LA_DATE_DE_LA_SOURCE: Final = (Nature.ETABLISSEMENT_FERME, Nature.QUALIOPI_PERDUE)


def message(fait: Fait, offres: int, *, de_vous: bool = False) -> str:
    """Return the notice in a few sentences; `de_vous` when its reader owns the offers."""
    debut = _DEBUTS[fait.nature].format(quoi=_nomme(fait.code, fait.libelle), le=_quand(fait))
    lesquelles = "de vos offres" if de_vous else "offre" if offres == 1 else "offres"
    verbe = "est concernée" if offres == 1 else "sont concernées"
    suite = f"{nombre(offres)} {lesquelles} {verbe}"
    phrases = [f"{debut} : {suite}."]
    if fait.successeur:
        phrases.append(f"Successeur : {_nomme(fait.successeur, fait.successeur_libelle)}.")
    elif fait.nature in {Nature.CFD_FERME, Nature.CFD_RETIRE, Nature.RNCP_TERMINE}:
        phrases.append("Aucun successeur n'est connu.")
    return " ".join(phrases)


def _nomme(code: str, libelle: str | None) -> str:
    return f"{code} ({libelle})" if libelle else code


def _quand(fait: Fait) -> str:
    if not fait.le:
        return ""
    if fait.nature in _A_LA_DATE_DE_LA_SOURCE:
        return f" d'après la liste du {jour(fait.le)}"
    return f" le {jour(fait.le)}"
