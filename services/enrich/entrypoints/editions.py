"""Corrections of a formation over HTTP, within the scope of who makes them."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field

from contracts.droits import INSTRUCTEURS
from contracts.portees import Role
from services.enrich.domain.editions import EDITABLES
from services.enrich.domain.saisie import ELEMENTS_MAX, SaisieRefusee, lire
from services.enrich.entrypoints.acces_formations import Identifiant, UneFormation, Vue, voir
from services.enrich.entrypoints.moyens import Moyens, UsesMoyens
from services.enrich.entrypoints.vues_formations import EditionVue, FormationVue
from services.enrich.usecases.editer import Edition, editer
from services.kernel.auth import Identity, require
from services.kernel.preconditions import IfMatch, version_vue
from services.kernel.problem import Erreur, Forbidden, Invalid, PreconditionFailed

router = APIRouter(prefix="/v1/formations", tags=["formations"])

Correcteur = Annotated[Identity, Depends(require(Role.DEPOSANT, *INSTRUCTEURS))]


class Correction(BaseModel):
    """Fields of the offer with the values that they should have; those given back to the source.

    Null says that there is no such fact. `motif` is kept in the history.
    """

    valeurs: dict[str, Any] = Field(default_factory=dict, max_length=ELEMENTS_MAX)
    renonces: list[str] = Field(default_factory=list, max_length=ELEMENTS_MAX)
    motif: str | None = Field(default=None, max_length=1_000)


class Editions(BaseModel):
    """The corrections in force, by field; the fields that the caller may correct.

    `ETag` gives the version to name by `If-Match`.
    """

    formation: str
    sequence: int
    editions: dict[str, EditionVue]
    corrigibles: list[str]


@router.get("/{identifiant}/editions", summary="Corrections en vigueur sur une formation")
async def lire_les_editions(
    identifiant: Identifiant, vue: UneFormation, reponse: Response
) -> Editions:
    """Donne chaque valeur corrigée, ce que dit la source ; l'auteur, à qui peut corriger."""
    presente = vue.presente()
    reponse.headers["ETag"] = vue.etag
    return Editions(
        formation=identifiant,
        sequence=presente.sequence,
        editions=presente.editions,
        corrigibles=sorted(vue.corrigibles),
    )


@router.put(
    "/{identifiant}/editions",
    summary="Corriger une formation",
    responses={
        412: {"description": "La formation a changé : la réponse donne son état présent."},
        428: {"description": "Il manque « If-Match », la version lue."},
    },
)
async def corriger(
    identifiant: Identifiant,
    demande: Correction,
    moyens: UsesMoyens,
    identite: Correcteur,
    reponse: Response,
    if_match: IfMatch = None,
) -> FormationVue:
    """Donne aux champs ces valeurs, qui l'emportent sur la source jusqu'à ce qu'on y renonce."""
    version = version_vue(if_match)
    avant = await voir(moyens, identifiant, identite)
    exiger_le_droit(avant, {*demande.valeurs, *demande.renonces})
    edition = Edition(
        identifiant,
        version,
        identite.titulaire,
        saisies(demande.valeurs),
        frozenset(demande.renonces),
        demande.motif,
    )
    return await appliquer(edition, moyens, identite, reponse)


async def appliquer(
    edition: Edition, moyens: Moyens, identite: Identity, reponse: Response
) -> FormationVue:
    """Correct a formation; return it as it then stands, with its version in `ETag`.

    Raises `PreconditionFailed` with the present state when the author saw another.
    """
    try:
        await editer(edition, moyens.actif.enrichisseur(), moyens.formations, moyens.maintenant())
    except PreconditionFailed as refus:
        presente = await voir(moyens, edition.formation, identite)
        raise depassee(presente, refus.detail) from refus
    apres = await voir(moyens, edition.formation, identite)
    reponse.headers["ETag"] = apres.etag
    return apres.presente()


def saisies(valeurs: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as the offer would carry them; raises `Invalid`, which tells every fault."""
    lues: dict[str, Any] = {}
    erreurs: list[Erreur] = []
    for champ, valeur in valeurs.items():
        try:
            lues[champ] = lire(champ, valeur)
        except SaisieRefusee as refus:
            que_faire = f"Proposition : {refus.proposition}." if refus.proposition else None
            erreurs.append(Erreur(champ, refus.code, refus.message, que_faire))
    if erreurs:
        raise Invalid("Ces valeurs ne conviennent pas à leurs champs.", erreurs)
    return lues


def exiger_la_portee(vue: Vue) -> None:
    """Raise `Forbidden` unless the caller may correct something of a formation."""
    if not vue.corrigibles:
        raise Forbidden("Cette formation n'est pas dans votre portée.", code="hors_portee")


def exiger_le_droit(vue: Vue, champs: set[str]) -> None:
    """Raise `Forbidden` or `Invalid` unless the caller may correct these fields."""
    exiger_la_portee(vue)
    if not champs:
        raise Invalid("Dites quels champs corriger (« valeurs ») ou rendre (« renonces »).")
    if inconnus := sorted(champs - EDITABLES):
        raise Invalid(f"Ces champs ne se corrigent pas ici : {', '.join(inconnus)}.")
    if interdits := sorted(champs - vue.corrigibles):
        raise Forbidden(
            f"Votre rôle ne permet pas de corriger : {', '.join(interdits)}.",
            code="champ_hors_portee",
        )


def depassee(presente: Vue, pourquoi: str | None = None) -> PreconditionFailed:
    """Return the refusal of a correction, with the formation to start again from."""
    return PreconditionFailed(
        pourquoi or "La formation a changé depuis que vous l'avez lue : relisez-la.",
        extra={
            "sequence": presente.document["sequence"],
            "presente": presente.presente().model_dump(mode="json"),
        },
        headers={"ETag": presente.etag},
    )
