"""The quality rule: whose quality counts, and what makes an offer réglementaire (domain.md §1.4).

Judged in-house until 2022, upstream by the Carif-Oref since: which of both decides is a policy.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from services.enrich.domain.constats import Constats, constat
from services.enrich.domain.enrichissement.etablissements import actif, certifie_qualite
from services.enrich.domain.enrichissement.fiches import eligible_apprentissage
from services.enrich.domain.enrichissement.habilitation import habilite_pour
from services.enrich.domain.references.tables import Fiche, References

_TITRES: Final = frozenset(("Titre", "TP"))


class Source(StrEnum):
    """Who decides whether an offer is in the catalogue réglementaire."""

    AMONT = "amont"
    CALCULEE = "calculee"


class SiInconnu(StrEnum):
    """What a computed judgement says when a fact that it needs is unknown."""

    AMONT = "amont"
    REGLEMENTAIRE = "reglementaire"
    NON_REGLEMENTAIRE = "non_reglementaire"
    INCONNU = "inconnu"


@dataclass(frozen=True, slots=True)
class Politique:
    """The policy of an installation. By default what the Carif-Oref says is taken as it is."""

    source: Source = Source.AMONT
    si_inconnu: SiInconnu = SiInconnu.AMONT

    def trancher(self, *, amont: bool | None, calculee: bool | None) -> bool | None:
        """Return `catalogue_published`: null when nobody knows."""
        if self.source is Source.AMONT:
            return amont
        if calculee is not None:
            return calculee
        return {
            SiInconnu.AMONT: amont,
            SiInconnu.REGLEMENTAIRE: True,
            SiInconnu.NON_REGLEMENTAIRE: False,
            SiInconnu.INCONNU: None,
        }[self.si_inconnu]


@dataclass(frozen=True, slots=True)
class Candidat:
    """What is known of an establishment that may be the one of reference; None is unknown."""

    conventionne: bool | None = None
    habilite: bool | None = None


def etablissement_reference(
    gestionnaire: Candidat | None, formateur: Candidat | None, code_type_certif: str | None
) -> str | None:
    """Return whose quality counts, `gestionnaire` or `formateur`; None without establishment.

    For a Titre or TP whichever is habilité, the gestionnaire first. Otherwise the gestionnaire,
    and the formateur without one or when it alone is conventionné.
    """
    if code_type_certif in _TITRES:
        if gestionnaire is not None and gestionnaire.habilite:
            return "gestionnaire"
        if formateur is not None and formateur.habilite:
            return "formateur"
    if gestionnaire is None:
        return "formateur" if formateur is not None else None
    if formateur is not None and formateur.conventionne and not gestionnaire.conventionne:
        return "formateur"
    return "gestionnaire"


def catalogue_reglementaire(
    *,
    qualiopi: bool | None,
    code_type_certif: str | None,
    habilite: bool | None,
    eligible: bool | None,
    actif: bool | None = True,
) -> bool | None:
    """Tell whether an offer is réglementaire; None while a fact that decides is unknown.

    The establishment of reference is open and certified Qualiopi; for a Titre or TP it is also
    habilité, and the fiche eligible.
    """
    faits = [qualiopi, actif]
    if code_type_certif in _TITRES:
        faits += [habilite, eligible]
    if False in faits:
        return False
    return None if None in faits else True


def juger(
    fiche: str | None,
    code_type_certif: str | None,
    siret_gestionnaire: str | None,
    siret_formateur: str | None,
    references: References,
    jour: date,
) -> dict[str, Any]:
    """Return the fields of the quality rule for a fiche and a pair of establishments.

    `code_type_certif` is that of the formation: its diploma may have told it.
    """
    sirets = {"gestionnaire": siret_gestionnaire, "formateur": siret_formateur}
    habilites = {role: habilite_pour(siret, fiche, references) for role, siret in sirets.items()}
    candidats = {
        role: Candidat(habilite=habilites[role]) if siret else None
        for role, siret in sirets.items()
    }
    reference = etablissement_reference(
        candidats["gestionnaire"], candidats["formateur"], code_type_certif
    )
    connu = references.etablissements.get(sirets[reference] or "") if reference else None
    reglementaire = catalogue_reglementaire(
        qualiopi=certifie_qualite(connu, jour),
        code_type_certif=code_type_certif,
        habilite=habilites[reference] if reference else None,
        eligible=_eligible(references.fiches.get(fiche or "")),
        actif=actif(connu, jour),
    )
    return {
        "etablissement_reference": reference,
        "etablissement_gestionnaire_habilite_rncp": habilites["gestionnaire"],
        "etablissement_formateur_habilite_rncp": habilites["formateur"],
        "catalogue_reglementaire_calcule": reglementaire,
    }


def _eligible(fiche: Fiche | None) -> bool | None:
    if fiche is None:
        return None
    return eligible_apprentissage(
        fiche.type_enregistrement, jury_apprentissage=fiche.acces_apprentissage
    )


def constater(*, amont: bool | None, calculee: bool | None) -> Constats:
    """Return a finding when the Carif-Oref and the historic rule say different things."""
    if amont is None or calculee is None or amont == calculee:
        return ()
    dit = "oui" if amont else "non"
    return (constat("catalogue_divergent", "catalogue_published", dit),)
