"""Accepting over HTTP what findings propose, for one establishment's offers."""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from contracts.portees import Role
from services.enrich.domain.acceptation import Proposition, corrections
from services.enrich.domain.qualite.bilan import Portee
from services.enrich.entrypoints.moyens import Moyens, UsesMoyens
from services.enrich.entrypoints.qualite import exiger_la_portee, figures_de, taches_de
from services.enrich.usecases.accepter import accepter
from services.kernel.auth import Identity, require
from services.kernel.batches import slices
from services.kernel.problem import Conflict

router = APIRouter(prefix="/v1/propositions", tags=["qualité"])

Correcteur = Annotated[Identity, Depends(require(Role.DEPOSANT, Role.ADMINISTRATEUR))]


class Acceptation(BaseModel):
    """A proposal to accept: the finding as it was shown, for the offers of one establishment.

    `offres` narrows it to some of them; `essai` tells which would be corrected, and writes nothing.
    """

    siret: str = Field(pattern=r"^\d{14}$")
    code: str = Field(max_length=64)
    champ: str | None = Field(default=None, max_length=64)
    valeur: str | None = Field(default=None, max_length=4_000)
    proposition: str | None = Field(default=None, max_length=4_000)
    offres: list[str] | None = Field(default=None, max_length=10_000)
    essai: bool = False

    def designation(self) -> Proposition:
        """Return the finding that is meant."""
        return Proposition(self.code, self.champ, self.valeur, self.proposition)


class Acceptees(BaseModel):
    """The offers that were corrected, or would be in a dry run."""

    essai: bool
    corrigees: list[str]


class AccepteesIci(Acceptees):
    """With those of the offers asked for where the proposal does not stand, or no more."""

    ecartees: list[str]


@router.post("/acceptation", summary="Accepter une proposition pour les offres d'un établissement")
async def accepter_(demande: Acceptation, moyens: UsesMoyens, identite: Correcteur) -> AccepteesIci:
    """Corrige chaque offre où la proposition tient encore ; recommencer ne change rien de plus."""
    figures = await figures_de(moyens, Portee("siret", demande.siret))
    exiger_la_portee(identite, demande.siret, figures.academie)
    ids = await concernees(moyens, demande)
    if not ids:
        raise Conflict(
            "Cette proposition ne tient plus pour aucune offre : relisez la liste à corriger.",
            code="proposition_sans_objet",
        )
    corrigees = ids
    if not demande.essai:
        corrigees = await appliquer(moyens, ids, demande.designation(), identite.titulaire)
    ecartees = sorted({*ids, *(demande.offres or ())} - {*corrigees})
    return AccepteesIci(essai=demande.essai, corrigees=corrigees, ecartees=ecartees)


class AcceptationDesSures(BaseModel):
    """All the sure proposals (confiance `haute`) of one establishment's offers."""

    siret: str = Field(pattern=r"^\d{14}$")
    essai: bool = False


@router.post("/acceptation/sures", summary="Accepter toutes les propositions sûres")
async def accepter_les_sures(
    demande: AcceptationDesSures, moyens: UsesMoyens, identite: Correcteur
) -> Acceptees:
    """Corrige tout ce qu'une table suffit à établir, pour toutes les offres de l'établissement."""
    figures = await figures_de(moyens, Portee("siret", demande.siret))
    exiger_la_portee(identite, demande.siret, figures.academie)
    ids = await appliquer_les_sures(moyens, demande.siret, identite.titulaire, essai=demande.essai)
    return Acceptees(essai=demande.essai, corrigees=ids)


async def appliquer_les_sures(
    moyens: Moyens, siret: str, auteur: str, *, essai: bool = False
) -> list[str]:
    """Accept each sure proposal where it stands; return the offers that were corrected, or would.

    One proposal may answer several findings: those that stand no more are passed over.
    """
    corrigees: set[str] = set()
    for tache in await taches_de(moyens, siret):
        if not tache.sure:
            continue
        ids = [identifiant for identifiant, _, _ in tache.offres]
        lire = tache.constat.get
        acceptee = Proposition(
            tache.constat["code"], lire("champ"), lire("valeur"), lire("proposition")
        )
        corrigees.update(ids if essai else await appliquer(moyens, ids, acceptee, auteur))
    return sorted(corrigees)


async def concernees(moyens: Moyens, demande: Acceptation) -> list[str]:
    """Return the offers of the establishment where the proposal stands."""
    voulues = None if demande.offres is None else set(demande.offres)
    return [
        identifiant
        async for identifiant, _, _, constats in moyens.qualite.a_corriger(demande.siret)
        if (voulues is None or identifiant in voulues)
        and corrections(constats, demande.designation())
    ]


async def appliquer(
    moyens: Moyens, ids: list[str], acceptee: Proposition, auteur: str
) -> list[str]:
    """Correct offers by transactions of bounded size; return those that were."""
    corrigees: list[str] = []
    for lot in slices(ids, moyens.settings.reemission_lot):
        corrigees += await accepter(
            lot,
            acceptee,
            auteur,
            moyens.actif.enrichisseur(),
            moyens.formations,
            moyens.maintenant(),
        )
    return corrigees
