"""Accepting over HTTP what findings propose for one formation, under the version that was read."""

from collections.abc import Mapping
from typing import Any, Self

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field, model_validator

from services.enrich.domain.acceptation import Proposition, acceptables, corrections
from services.enrich.entrypoints.acces_formations import Identifiant, Vue, voir
from services.enrich.entrypoints.editions import (
    Correcteur,
    appliquer,
    depassee,
    exiger_la_portee,
    exiger_le_droit,
)
from services.enrich.entrypoints.moyens import UsesMoyens
from services.enrich.entrypoints.vues_formations import FormationVue
from services.enrich.usecases.editer import Edition
from services.kernel.preconditions import IfMatch, etag, version_vue
from services.kernel.problem import Conflict

router = APIRouter(prefix="/v1/formations", tags=["formations"])


class AcceptationIci(BaseModel):
    """The finding whose proposal is accepted, as it was shown; or all of them.

    `toutes` leaves the weak ones and those that contradict each other: these are accepted by name.
    """

    code: str | None = Field(default=None, max_length=64)
    champ: str | None = Field(default=None, max_length=64)
    valeur: str | None = Field(default=None, max_length=4_000)
    proposition: str | None = Field(default=None, max_length=4_000)
    toutes: bool = False

    @model_validator(mode="after")
    def _une_ou_toutes(self) -> Self:
        if self.toutes == (self.code is not None):
            raise ValueError("Donnez le code d'un constat, ou « toutes ».")
        return self


@router.post(
    "/{identifiant}/propositions/acceptation",
    summary="Accepter ce que proposent les constats d'une formation",
    responses={
        409: {
            "description": "La proposition ne tient plus : la réponse donne celles qui tiennent."
        },
        412: {"description": "La formation a changé : la réponse donne son état présent."},
        428: {"description": "Il manque « If-Match », la version lue."},
    },
)
async def accepter(
    identifiant: Identifiant,
    demande: AcceptationIci,
    moyens: UsesMoyens,
    identite: Correcteur,
    reponse: Response,
    if_match: IfMatch = None,
) -> FormationVue:
    """Corrige la formation comme il est proposé ; l'historique nomme les constats en cause."""
    version = version_vue(if_match)
    vue = await voir(moyens, identifiant, identite)
    exiger_la_portee(vue)
    if vue.etag != etag(version):
        raise depassee(vue)
    codes, valeurs = _acceptees(vue, demande)
    exiger_le_droit(vue, set(valeurs))
    edition = Edition(
        identifiant, version, identite.titulaire, valeurs, proposition=", ".join(codes)
    )
    return await appliquer(edition, moyens, identite, reponse)


def _acceptees(vue: Vue, demande: AcceptationIci) -> tuple[list[str], dict[str, Any]]:
    """Return the findings accepted and the values that they give; raises `Conflict` for none."""
    constats = vue.document["constats"]
    if demande.code is None:
        retenus = acceptables(constats, vue.corrigibles)
        codes = sorted({constat["code"] for constat in retenus})
        valeurs = {nom: v for constat in retenus for nom, v in constat["correction"].items()}
    else:
        acceptee = Proposition(demande.code, demande.champ, demande.valeur, demande.proposition)
        codes, valeurs = [demande.code], corrections(constats, acceptee)
    if not valeurs:
        raise Conflict(
            "Cette proposition ne tient plus, ou plusieurs se contredisent : choisissez-en une.",
            code="proposition_sans_objet",
            extra={"propositions": [_proposition(c) for c in constats if c.get("correction")]},
        )
    return codes, valeurs


def _proposition(constat: Mapping[str, Any]) -> dict[str, Any]:
    noms = ("code", "champ", "valeur", "proposition", "raison", "confiance", "correction")
    return {nom: constat.get(nom) for nom in noms}
