"""Routes that look at rules without changing any: tree, preview, compilation, explanation, CSV."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query
from starlette.responses import Response

from contracts.droits import Droit, peut, roles_ayant
from contracts.statuts import Plateforme
from services.export.adapters.lectures_regles import LecturesRegles
from services.export.domain.apercu_regles import Changement
from services.export.domain.arbre_regles import arbre
from services.export.domain.explication_regles import expliquer
from services.export.domain.filtre_lecture import dire
from services.export.domain.redaction_regles import SaisieRefusee, compiler_saisie
from services.export.entrypoints.modeles_regles import (
    ApercuDemande,
    ApercuLu,
    ComplementaireCompilee,
    ComplementaireDemandee,
    ExplicationLue,
)
from services.export.entrypoints.presentation_regles import (
    EN_TETE_EFFETS,
    EN_TETE_REGLES,
    ligne_d_effet,
    ligne_de_regle,
    presenter_apercu,
    presenter_explication,
)
from services.export.entrypoints.regles import Lecteur, auteur, contenu_de, lisible, refusee
from services.export.entrypoints.serveur import Ici, Serveur, academies, couvre, exiger, formes
from services.export.usecases.regler import essayer
from services.export.usecases.regles_apercu import apercevoir
from services.kernel.auth import Identity, require
from services.kernel.problem import Forbidden, NotFound
from services.kernel.spreadsheet import CSV, attachment, csv_text

router = APIRouter(prefix="/v1", tags=["règles"])

Consultant = Annotated[Identity, Depends(require(*roles_ayant(Droit.VOIR_STATUT)))]


@router.get("/regles/arbre", summary="Les règles par niveau et diplôme, avec leurs offres")
async def en_arbre(
    ici: Ici,
    identite: Lecteur,
    plateforme: Plateforme,
    academie: Annotated[int | None, Query(ge=1, le=99)] = None,
) -> dict[str, Any]:
    """Donne l'arbre niveau > diplôme > règles, et combien d'offres chaque règle décide, par statut.

    Avec `academie` : ses offres, les règles nationales et les siennes ; sinon toutes celles de
    votre portée.
    """
    exiger(identite, Droit.LIRE_REGLES, plateforme)
    demandees = _demandees(identite, academie)
    regles = await ici.regles.toutes()
    comptes = await LecturesRegles(ici.base).compter(plateforme, demandees)
    return {
        "plateforme": plateforme,
        "academie": academie,
        "niveaux": arbre(regles, comptes, plateforme, academie),
    }


@router.get("/regles.csv", summary="Les règles en CSV", response_class=Response)
async def en_csv(
    ici: Ici, identite: Lecteur, plateforme: Annotated[Plateforme | None, Query()] = None
) -> Response:
    """Donne les règles en vigueur, pour les plateformes de votre rôle."""
    if plateforme is not None:
        exiger(identite, Droit.LIRE_REGLES, plateforme)
    lignes = [
        ligne_de_regle(regle)
        for regle in await ici.regles.toutes()
        if plateforme in (None, regle["contenu"]["plateforme"])
        and peut(identite.role, Droit.LIRE_REGLES, Plateforme(regle["contenu"]["plateforme"]))
    ]
    return _csv("regles", EN_TETE_REGLES, lignes)


@router.post("/regles/verification", summary="Compiler une règle complémentaire")
async def verifier(corps: ComplementaireDemandee, _: Lecteur) -> ComplementaireCompilee:
    """Donne le filtre gardé et sa lecture en français ; sinon (422) le lieu de chaque faute."""
    try:
        compilee = compiler_saisie([ligne.ligne() for ligne in corps.lignes], corps.filtre)
    except SaisieRefusee as refus:
        raise refusee(refus) from refus
    return ComplementaireCompilee(filtre=compilee.filtre, en_clair=dire(compilee.noeud))


@router.post("/regles/apercu", summary="Essayer un changement de règle", response_model=ApercuLu)
async def essai(
    corps: ApercuDemande,
    ici: Ici,
    identite: Lecteur,
    format: Annotated[Literal["json", "csv"], Query()] = "json",  # noqa: A002
) -> Any:  # noqa: ANN401 - the preview, or its list as a file
    """Dit quelles offres de votre portée entreraient, sortiraient ou changeraient de statut.

    Rien n'est écrit. `format=csv` donne la liste entière des offres touchées.
    """
    if corps.id is not None:
        await lisible(ici, identite, corps.id)
    if corps.regle is not None:
        exiger(identite, Droit.LIRE_REGLES, corps.regle.plateforme)
    changement = await _changement(corps, ici, identite)
    apercu = await apercevoir(changement, academies(identite), LecturesRegles(ici.base), ici.juges)
    if format == "csv":
        return _csv("apercu", EN_TETE_EFFETS, [ligne_d_effet(effet) for effet in apercu.effets])
    return presenter_apercu(apercu, changement.plateforme)


async def _changement(corps: ApercuDemande, ici: Serveur, identite: Identity) -> Changement:
    contenu = contenu_de(corps.regle) if corps.regle is not None else None
    surcharge = (corps.surcharge.academie, corps.surcharge.statut) if corps.surcharge else None
    return await essayer(ici.regles, corps.id, contenu, surcharge, auteur(ici, identite))


@router.get(
    "/offres/{id}/{plateforme}/explication", summary="Pourquoi les règles disent ce qu'elles disent"
)
async def explication(
    id: Annotated[str, Path(max_length=64)],  # noqa: A002 - the field's own name
    plateforme: Plateforme,
    ici: Ici,
    identite: Consultant,
) -> ExplicationLue:
    """Donne chaque condition, tenue ou non, et pour chaque règle du diplôme pourquoi elle décide.

    Sinon pourquoi non : académie, durée, année, critère manqué avec la valeur vue, priorité.
    """
    exiger(identite, Droit.VOIR_STATUT, plateforme)
    document = await ici.lectures.une(id)
    if document is None:
        raise NotFound(f"Aucune formation « {id} ».", code="formation_inconnue")
    projection = document["projection"]
    if not couvre(identite, projection.get("num_academie")):
        raise Forbidden("Cette offre n'est pas de votre académie.", code="autre_academie")
    juge = await ici.juges.courant()
    expliquee = expliquer(projection, juge.jeu, juge.contextes[plateforme])
    return presenter_explication(expliquee, plateforme)


def _demandees(identite: Identity, academie: int | None) -> list[str] | None:
    if academie is None:
        return academies(identite)
    demandees = sorted(formes(str(academie)))
    if not any(couvre(identite, forme) for forme in demandees):
        raise Forbidden(f"L'académie {academie:02} n'est pas la vôtre.", code="autre_academie")
    return demandees


def _csv(nom: str, en_tete: Sequence[str], lignes: Sequence[Sequence[object]]) -> Response:
    entetes = attachment(f"{nom}.csv")
    return Response(csv_text(en_tete, lignes), headers=entetes, media_type=CSV)
