"""One formation over HTTP: found, and seen by who asks within his rights."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final

import orjson
from fastapi import Depends, Path

from contracts.portees import Role
from services.enrich.domain.droits import corrigibles
from services.enrich.domain.editions import version
from services.enrich.entrypoints.moyens import Moyens, UsesMoyens
from services.enrich.entrypoints.vues_formations import FormationVue, presente
from services.kernel.auth import Identity, require
from services.kernel.preconditions import etag
from services.kernel.problem import NotFound

Lecteur = Annotated[Identity, Depends(require(*Role))]
Identifiant = Annotated[str, Path(max_length=64)]
INCONNUE: Final = "Aucune formation n'a cet identifiant."


@dataclass(frozen=True, slots=True)
class Vue:
    """A formation as stored, the offer that it rests on, what the caller may correct of it."""

    document: Mapping[str, Any]
    offre: Mapping[str, Any]
    corrigibles: frozenset[str]

    @property
    def auteurs(self) -> bool:
        """Tell whether the caller may know who corrected it: who may correct it as well."""
        return bool(self.corrigibles)

    @property
    def etag(self) -> str:
        """Return the entity tag of its version."""
        return etag(version(self.document["sequence"], self.document.get("editions")))

    def presente(self) -> FormationVue:
        """Return it as the caller may see it."""
        return presente(self.document, self.offre, auteurs=self.auteurs)


async def _vue(identifiant: Identifiant, moyens: UsesMoyens, identite: Lecteur) -> Vue:
    return await voir(moyens, identifiant, identite)


async def voir(moyens: Moyens, identifiant: str, identite: Identity) -> Vue:
    """Return a formation; raises `NotFound`."""
    document = await moyens.lecture.trouver(identifiant)
    if document is None:
        raise NotFound(INCONNUE)
    formation = document["formation"]
    region = _region(moyens, formation) if identite.role == Role.DEPOSANT else None
    permis = corrigibles(identite.role, identite.scopes, formation, region)
    return Vue(document, orjson.loads(document["collecte"])["offre"], permis)


UneFormation = Annotated[Vue, Depends(_vue)]


def _region(moyens: Moyens, formation: Mapping[str, Any]) -> str | None:
    departements = moyens.actif.enrichisseur().references.departements
    connu = departements.get(formation["num_departement"] or "")
    return connu.code_region if connu else None
