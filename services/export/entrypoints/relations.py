"""Routes of the relations of applications: the file, what is held, a contact that was changed."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel

from contracts.droits import Droit, roles_ayant
from contracts.statuts import Plateforme
from services.export.adapters.relations import RelationsMongo
from services.export.domain.relations import lire_relations
from services.export.entrypoints.serveur import Ici
from services.export.entrypoints.televersements import lire_corps
from services.kernel.auth import Identity, require
from services.kernel.clock import now_as_stored
from services.kernel.problem import Invalid, NotFound

router = APIRouter(prefix="/v1/affelnet/relations", tags=["affelnet"])

Deposant = Annotated[
    Identity, Depends(require(*roles_ayant(Droit.DEPOSER_FICHIERS, plateforme=Plateforme.AFFELNET)))
]
Siret = Annotated[str, Query(pattern=r"^\d{14}$")]
_REFUSEES_MAX = 100


class Intervention(BaseModel):
    """Une modification de contact, depuis le dernier fichier qui parle de la paire."""

    par: str
    le: datetime


class RelationLue(BaseModel):
    """Ce qui est téléchargé des candidatures d'une paire d'établissements."""

    siret_responsable: str
    siret_formateur: str
    uai_responsable: str | None
    uai_formateur: str | None
    telechargement: str
    intervention: Intervention | None = None


class Relations(BaseModel):
    """Une page de relations ; `suivant` à donner en `apres`, nul à la fin."""

    relations: list[RelationLue]
    suivant: str | None


@router.post("", summary="Déposer les relations de candidature")
async def deposer(request: Request, ici: Ici, _: Deposant) -> dict[str, Any]:
    """Remplace, d'un coup, les relations par celles du fichier (CSV ou XLSX, en corps).

    Une relation inchangée garde la modification de contact notée.
    """
    recu, lues = await lire_corps(request, ici.settings, lire_relations)
    if not lues.relations:
        raise Invalid(
            "Aucune ligne du fichier ne nomme une relation ; rien n'a changé.",
            code="fichier_sans_relation",
            title="Fichier refusé",
        )
    comptes = await RelationsMongo(ici.base).remplacer(lues.relations)
    return {
        "empreinte": recu.empreinte,
        "relations": len(lues.relations),
        **comptes,
        "lignes_refusees": len(lues.refusees),
        "refusees": lues.refusees[:_REFUSEES_MAX],
    }


@router.get("", summary="Les relations de candidature")
async def lister(
    ici: Ici,
    _: Deposant,
    siret_responsable: Siret | None = None,
    siret_formateur: Siret | None = None,
    apres: Annotated[str, Query(max_length=40)] = "",
    limite: Annotated[int, Query(ge=1, le=1_000)] = 100,
) -> Relations:
    """Donne les relations d'un responsable, d'un formateur, ou toutes."""
    trouvees = await RelationsMongo(ici.base).trouver(
        siret_responsable, siret_formateur, apres, limite
    )
    return Relations(
        relations=[RelationLue.model_validate(une) for une in trouvees],
        suivant=trouvees[-1]["_id"] if len(trouvees) == limite else None,
    )


@router.put("", summary="Noter une modification de contact")
async def intervenir(
    ici: Ici,
    identite: Deposant,
    siret_responsable: Siret,
    siret_formateur: Siret | None = None,
) -> dict[str, int]:
    """Note la modification pour une paire, ou pour toutes celles du responsable."""
    nombre = await RelationsMongo(ici.base).intervenir(
        siret_responsable, siret_formateur, identite.titulaire, now_as_stored(ici.horloge)
    )
    if not nombre:
        raise NotFound("Aucune relation de ces SIRET.", code="relation_inconnue")
    return {"relations": nombre}
