"""Whether the rules admit an offer on a platform, and why not (domain.md §3.3, §3.4)."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, Final, NamedTuple

from contracts.statuts import Plateforme, Statut
from services.export.domain.campagne import Contexte, Inconnu, Inscription
from services.export.domain.regles import Candidate, JeuDeRegles

DE_DROIT: Final = "Enregistrement de droit"
_ANNEES_PARCOURSUP: Final = frozenset({"1", "9", "X"})


class Clause(StrEnum):
    """A condition that an offer can fail: stable codes, read by partners."""

    RETIREE = "retiree"
    REMPLACEE = "remplacee"
    CONSTAT_BLOQUANT = "constat_bloquant"
    HORS_FLUX = "hors_flux"
    HORS_CATALOGUE = "hors_catalogue_reglementaire"
    A_DISTANCE = "entierement_a_distance"
    ANNEE = "annee_exclue"
    CERTIFICATION_PERIMEE = "certification_perimee"
    CERTIFICATION_EXPIRE = "certification_expire"
    FICHE_INACTIVE = "fiche_inactive"
    AUCUNE_REGLE = "aucune_regle"
    EXCLUE_PAR_REGLE = "exclue_par_regle"
    EXCLUE_PAR_ACADEMIE = "exclue_par_academie"
    SANS_SESSION = "sans_session"
    SIRET_REFUSE = "siret_refuse"


class Eligibilite(NamedTuple):
    """The first of the three facts: recomputed at will, it never touches the two others.

    `statut_initial` is what the rules alone would say (§3.4 c), `statut` what they say once the
    presence in the flux, distance, withdrawal and blocking findings are counted too. `obstacles`
    lists every clause that failed, in the order of `Clause`.
    """

    perimetre: bool
    session: bool
    session_precedente: bool
    statut_initial: Statut
    statut: Statut
    regle: str | None
    version: int | None
    obstacles: tuple[Clause, ...]


def evaluer(formation: dict[str, Any], regles: JeuDeRegles, contexte: Contexte) -> Eligibilite:
    """Judge an offer, given as its projection, on the platform of `contexte`."""
    flux = _hors_des_regles(formation, contexte)
    certification = _certification(formation, contexte)
    gagnante = regles.gagnante(contexte.plateforme, formation)
    statut_regle, obstacle_regle = _regle(gagnante)
    debuts = formation.get("date_debut") or ()
    en_session = _un_debut_dans(debuts, contexte.campagne.session)
    reglementaire = _reglementaire(formation, contexte)

    perimetre = not certification and _dans_le_perimetre(gagnante)
    obstacles = [*flux]
    if not reglementaire:
        obstacles.append(Clause.HORS_CATALOGUE)
    obstacles += certification
    if obstacle_regle is not None:
        obstacles.append(obstacle_regle)
    if not en_session:
        obstacles.append(Clause.SANS_SESSION)

    par_les_regles = (
        statut_regle if not certification and en_session and reglementaire else Statut.NON_PUBLIABLE
    )
    statut = Statut.NON_PUBLIABLE if flux else par_les_regles
    if perimetre and en_session and _siret_refuse(formation, contexte):
        obstacles.append(Clause.SIRET_REFUSE)
        statut = Statut.NON_PUBLIE
    return Eligibilite(
        perimetre=perimetre,
        session=perimetre and en_session,
        session_precedente=perimetre
        and _un_debut_dans(debuts, contexte.campagne.session_precedente),
        statut_initial=par_les_regles,
        statut=statut,
        regle=gagnante.regle.id if gagnante else None,
        version=gagnante.regle.version if gagnante else None,
        obstacles=tuple(obstacles),
    )


def _hors_des_regles(formation: dict[str, Any], contexte: Contexte) -> list[Clause]:
    obstacles: list[Clause] = []
    etat = formation.get("etat")
    if etat:
        obstacles.append(Clause.RETIREE if etat == "retiree" else Clause.REMPLACEE)
    if formation.get("bloquants"):
        obstacles.append(Clause.CONSTAT_BLOQUANT)
    if not formation.get("published", True):
        obstacles.append(Clause.HORS_FLUX)
    if contexte.plateforme is Plateforme.AFFELNET and (
        formation.get("cle_ministere_educatif") or ""
    ).endswith("#LAD"):
        obstacles.append(Clause.A_DISTANCE)
    return obstacles


def _reglementaire(formation: dict[str, Any], contexte: Contexte) -> bool:
    dit = formation.get("catalogue_published")
    if dit is None:
        dit = contexte.politiques.catalogue_inconnu is Inconnu.ADMIS
    return dit or formation.get("forced_published") is True


def _certification(formation: dict[str, Any], contexte: Contexte) -> list[Clause]:
    """Apply items 2 to 5 of §3.3: année, then validity by the branch of the registration."""
    obstacles: list[Clause] = []
    if not _ANNEE_ADMISE[contexte.plateforme](formation.get("annee")):
        obstacles.append(Clause.ANNEE)
    details = formation.get("rncp_details") or {}
    if formation.get("rncp_code") is None or _de_droit(details, contexte):
        perimee, fin = formation.get("cfd_outdated"), formation.get("cfd_date_fermeture")
    else:
        perimee = formation.get("rncp_outdated")
        fin = details.get("date_fin_validite_enregistrement")
        if not _fiche_active(details, contexte):
            obstacles.append(Clause.FICHE_INACTIVE)
    if perimee is None:
        perimee = contexte.politiques.peremption_inconnue is Inconnu.ECARTE
    if perimee:
        obstacles.append(Clause.CERTIFICATION_PERIMEE)
    if fin is not None and fin <= contexte.seuil:
        obstacles.append(Clause.CERTIFICATION_EXPIRE)
    return obstacles


_ANNEE_ADMISE: Final[dict[Plateforme, Callable[[str | None], bool]]] = {
    Plateforme.PARCOURSUP: lambda annee: annee in _ANNEES_PARCOURSUP,
    Plateforme.AFFELNET: lambda annee: annee != "X",
}


def _de_droit(details: dict[str, Any], contexte: Contexte) -> bool:
    inscription = details.get("type_enregistrement")
    if inscription is None:
        return contexte.politiques.inscription_inconnue is Inscription.DE_DROIT
    return bool(inscription == DE_DROIT)


def _fiche_active(details: dict[str, Any], contexte: Contexte) -> bool:
    etat = details.get("active_inactive")
    if etat is None:
        return contexte.politiques.fiche_inconnue is Inconnu.ADMIS
    return bool(etat == "ACTIVE")


def _regle(gagnante: Candidate | None) -> tuple[Statut, Clause | None]:
    if gagnante is None:
        return Statut.NON_PUBLIABLE, Clause.AUCUNE_REGLE
    if gagnante.statut is Statut.NON_PUBLIABLE:
        par = Clause.EXCLUE_PAR_ACADEMIE if gagnante.surchargee else Clause.EXCLUE_PAR_REGLE
        return Statut.NON_PUBLIABLE, par
    return gagnante.statut, None


def _dans_le_perimetre(gagnante: Candidate | None) -> bool:
    if gagnante is None or gagnante.statut is Statut.NON_PUBLIABLE:
        return False
    return gagnante.surchargee or gagnante.statut is not Statut.A_DEFINIR


def _un_debut_dans(debuts: list[str] | tuple[()], bornes: tuple[str, str]) -> bool:
    # Each start is tested alone: a range test on the whole array let 2025 + 2028 count as 2026.
    premier, dernier = bornes
    for debut in debuts:  # noqa: SIM110 - any() over a generator costs three times as much
        if premier <= debut <= dernier:
            return True
    return False


def _siret_refuse(formation: dict[str, Any], contexte: Contexte) -> bool:
    refuses = contexte.sirets_refuses
    return contexte.plateforme is Plateforme.PARCOURSUP and bool(
        refuses
        and (
            formation.get("etablissement_gestionnaire_siret") in refuses
            or formation.get("etablissement_formateur_siret") in refuses
        )
    )
