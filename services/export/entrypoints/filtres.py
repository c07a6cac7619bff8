"""The parameters that select offers, the same for lists, counts, exports and bulk decisions."""

from datetime import date
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from contracts.droits import Droit, peut
from contracts.evenements import Etat
from contracts.statuts import Plateforme, Statut
from services.export.domain.derivees import Lien
from services.export.domain.facettes import FACETTES
from services.export.domain.multicriteres import Combinateur, Ligne, LigneRefusee, lire_ligne
from services.export.domain.recherche import Recherche, Vue
from services.export.domain.relations import Candidatures
from services.export.entrypoints.serveur import academies, couvre, exiger, formes
from services.kernel.auth import Identity
from services.kernel.problem import Forbidden, Invalid

Valeur = Annotated[str, Field(min_length=1, max_length=200)]
Valeurs = Annotated[list[Valeur], Field(max_length=50)]
Reponse = bool | Literal["inconnu"]
Numero = Annotated[str, Field(pattern=r"^\d{1,2}$")]
_INCONNU: Final = "inconnu"


class Filtres(BaseModel):
    """Une sélection d'offres : tous les critères tiennent, une des valeurs de chacun suffit.

    Ce qui dépend d'une plateforme (`statut`, `session`…) se demande avec `plateforme`. `inconnu`
    choisit les offres dont on ne sait rien.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    plateforme: Plateforme | None = None
    vue: Vue = Vue.TOUTES
    texte: Annotated[str, Field(max_length=120)] | None = None
    critere: Annotated[
        list[Valeur],
        Field(max_length=20, description="Des lignes « champ:opérateur:valeur »."),
    ] = []
    combinateur: Combinateur = Combinateur.ET
    academie: Annotated[list[Numero], Field(max_length=50)] = []
    region: Valeurs = []
    departement: Valeurs = []
    niveau: Valeurs = []
    diplome: Valeurs = []
    annee: Valeurs = []
    duree: Valeurs = []
    tag: Valeurs = []
    etat: Annotated[list[Etat], Field(max_length=3)] = []
    reglementaire: Reponse | None = None
    qualite: Reponse | None = None
    habilite: Reponse | None = None
    siret_actif: Literal["actif", "inactif", "inconnu"] | None = None
    agriculture: Reponse | None = None
    nouvelle_fiche: bool | None = None
    lien: Annotated[list[Lien], Field(max_length=4)] = []
    statut: Annotated[list[Statut], Field(max_length=20)] = []
    statut_precedent: Annotated[list[Statut], Field(max_length=20)] = []
    statut_initial: Annotated[list[Statut], Field(max_length=20)] = []
    perimetre: bool | None = None
    session: bool | None = None
    session_precedente: bool | None = None
    session_renouvelee: Reponse | None = None
    publication_auto: Reponse | None = None
    visible: Reponse | None = None
    rejet: Valeurs = []
    tag_controle: Valeurs = []
    regle_academique: bool | None = None
    candidatures: Annotated[list[Candidatures], Field(max_length=5)] = []
    statut_du: date | None = None
    statut_au: date | None = None
    publiee_du: date | None = None
    publiee_au: date | None = None
    debut_du: date | None = None
    debut_au: date | None = None


_DE_PLATEFORME: Final = (
    *(nom for nom, facette in FACETTES.items() if facette.par_plateforme),
    "statut_du",
    "statut_au",
    "publiee_du",
    "publiee_au",
)


def rechercher(filtres: Filtres, identite: Identity) -> Recherche:
    """Return the selection, within the académies and the platforms of the holder.

    Raises:
        Forbidden: an académie or a platform that is not theirs.
        Invalid: something of a platform, without the platform or of the other one; a line of
            criteria that cannot be understood.
    """
    donnes = filtres.model_dump(exclude_defaults=True)
    if filtres.plateforme is not None:
        exiger(identite, Droit.VOIR_STATUT, filtres.plateforme)
    for nom in _DE_PLATEFORME:
        if nom in donnes:
            _exiger_plateforme(nom, filtres.plateforme)
    criteres = {nom: _valeurs(donnes[nom]) for nom in FACETTES if nom in donnes}
    if filtres.academie:
        criteres["academie"] = academies_demandees(filtres.academie, identite) or ()
    siennes = academies(identite)
    return Recherche(
        academies=None if siennes is None else tuple(siennes),
        plateforme=filtres.plateforme,
        plateformes_vues=plateformes_vues(identite),
        vue=filtres.vue,
        criteres=criteres,
        statut_du=filtres.statut_du,
        statut_au=filtres.statut_au,
        publiee_du=filtres.publiee_du,
        publiee_au=filtres.publiee_au,
        debut_du=filtres.debut_du,
        debut_au=filtres.debut_au,
        texte=filtres.texte,
        lignes=tuple(_ligne(texte) for texte in filtres.critere),
        combinateur=filtres.combinateur,
    )


def _ligne(texte: str) -> Ligne:
    try:
        return lire_ligne(texte)
    except LigneRefusee as refus:
        raise Invalid(f"« critere » : {refus}.") from refus


def _exiger_plateforme(nom: str, plateforme: Plateforme | None) -> None:
    seule = FACETTES[nom].seule if nom in FACETTES else None
    if plateforme is None or seule not in (None, plateforme):
        laquelle = seule.value if seule else "plateforme"
        raise Invalid(f"« {nom} » se demande avec sa plateforme (« {laquelle} »).")


def plateformes_vues(identite: Identity) -> tuple[Plateforme, ...]:
    """Return the platforms whose statuses the holder may see."""
    return tuple(p for p in Plateforme if peut(identite.role, Droit.VOIR_STATUT, p))


def academies_demandees(demandees: list[str], identite: Identity) -> tuple[str, ...] | None:
    """Return the académies asked for, by default the holder's; None for all.

    Raises:
        Forbidden: one that is not theirs.
    """
    if not demandees:
        siennes = academies(identite)
        return None if siennes is None else tuple(siennes)
    for numero in demandees:
        if not any(couvre(identite, forme) for forme in formes(numero)):
            raise Forbidden(f"L'académie {numero} n'est pas la vôtre.", code="autre_academie")
    return tuple(sorted(forme for numero in demandees for forme in formes(numero)))


def _valeurs(donnee: Any) -> tuple[Any, ...]:  # noqa: ANN401 - one value or a list of them
    if isinstance(donnee, list):
        return tuple(donnee)
    return (None if donnee == _INCONNU else donnee,)
