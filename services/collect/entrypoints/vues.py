"""What the API shows: deposits (`contracts.depot`), lines with their findings, offers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

import orjson
from pydantic import BaseModel, Field

from contracts.constats import Gravite, gravite, libelle, rendre
from contracts.depot import Avancement, CompteConstat, ComptesLignes, Echec, VueDepot
from contracts.evenements import Etape, Etat, StatutLigne
from services.collect.domain.constat import Constat
from services.collect.domain.lignes import LigneJugee
from services.collect.domain.tenue import Tenue
from services.collect.usecases.consulter import Bilan

_LIEU_INCONNU: Final = {"etablissement_lieu_formation_siret": None, "uai_formation": None}


class Debits(BaseModel):
    """Mean rates since the reception began, in lines per second; null before the first sign."""

    deposees: float | None = None
    enrichies: float | None = None
    indexees: float | None = None
    evaluees: float | None = None


class LiensDepot(BaseModel):
    """Where to go from a deposit."""

    depot: str
    lignes: str
    lignes_csv: str


class DepotVu(VueDepot):
    """A deposit, with what the file was and how fast it goes."""

    coupe: bool = Field(
        default=False, description="Le fichier s'arrête au milieu d'une offre : il est coupé."
    )
    fini: bool = Field(description="Plus rien ne changera : toutes les lignes ont tout traversé.")
    forme: str = Field(default="", description="ndjson, json ou csv.")
    fichier: str | None = None
    octets: int = 0
    debits: Debits = Debits()
    remarques: list[str] = Field(default=[], description="Ce qui concerne le fichier entier.")
    liens: LiensDepot


class PageDepots(BaseModel):
    """Deposits, the latest first; `suivant` is the `curseur` of the next page, if any."""

    depots: list[DepotVu]
    suivant: str | None = None


class ConstatVu(BaseModel):
    """A finding, for a program (`code`) and for a reader (`message`, `que_faire`)."""

    code: str
    gravite: Gravite
    champ: str | None = None
    libelle: str
    valeur: str | None = None
    proposition: str | None = None
    message: str
    que_faire: str


class LigneVue(BaseModel):
    """A line of a deposit: `ligne` is its rank, `ligne_physique` where it starts in the file."""

    ligne: int
    ligne_physique: int
    statut: StatutLigne
    offre: str | None
    sequence: int
    constats: list[ConstatVu]


class PageLignes(BaseModel):
    """Lines in their order; `suivant` is the `curseur` of the next page, if any."""

    lignes: list[LigneVue]
    suivant: str | None = None


class OffreVue(BaseModel):
    """An offer as collect holds it."""

    id: str
    sequence: int
    etat: Etat
    deposant: str
    cle_ministere_educatif: str | None
    anciennes_cles: list[str]
    recue_le: datetime
    depot: str | None
    ligne: int | None
    motif: str | None
    predecesseurs: list[str]
    remplacee_par: str | None
    offre: dict[str, Any]
    constats: list[ConstatVu]


class OffreRecue(BaseModel):
    """The answer to one submitted offer."""

    depot: str
    offre: str
    sequence: int
    statut: StatutLigne
    constats: list[ConstatVu]
    liens: dict[str, str]


def constat_vu(constat: Constat) -> ConstatVu:
    """Return a finding with its texts."""
    champ = constat.get("champ")
    rendu = rendre(constat)
    return ConstatVu(
        code=constat["code"],
        gravite=gravite(constat["code"]),
        champ=champ,
        libelle=libelle(champ),
        valeur=constat.get("valeur"),
        proposition=constat.get("proposition"),
        message=rendu.message,
        que_faire=rendu.que_faire,
    )


def ligne_vue(ligne: LigneJugee) -> LigneVue:
    """Return a line with its findings."""
    return LigneVue(
        ligne=ligne.rang,
        ligne_physique=ligne.physique,
        statut=ligne.statut,
        offre=ligne.offre,
        sequence=ligne.sequence,
        constats=[constat_vu(constat) for constat in ligne.constats],
    )


def depot_vu(bilan: Bilan) -> DepotVu:
    """Return a deposit as it is now."""
    depot, totaux, faites, debits = bilan.depot, bilan.totaux, bilan.faites, bilan.debits
    frequents = sorted(bilan.comptes.items(), key=lambda compte: -compte[1])
    vu = DepotVu(
        id=depot.id,
        etat=depot.etat,
        essai=depot.essai,
        recu_le=depot.recu_le,
        lignes=ComptesLignes(
            recues=totaux["recues"],
            acceptees=totaux[StatutLigne.ACCEPTEE],
            a_corriger=totaux[StatutLigne.A_CORRIGER],
            refusees=totaux[StatutLigne.REFUSEE],
            identiques=totaux[StatutLigne.IDENTIQUE],
            ignorees=totaux[StatutLigne.IGNOREE],
        ),
        avancement=Avancement(
            deposees=faites["deposee"],
            enrichies=faites[Etape.ENRICHIE],
            indexees=faites[Etape.INDEXEE],
            evaluees=faites[Etape.EVALUEE],
        ),
        constats=[_compte(code, nombre, bilan.exemples) for code, nombre in frequents],
        echec=Echec(code=depot.echec.code, detail=depot.echec.detail) if depot.echec else None,
        coupe=depot.coupe,
        fini=False,
        forme=depot.forme,
        fichier=depot.fichier,
        octets=depot.octets,
        debits=Debits(
            deposees=debits.get("deposee"),
            enrichies=debits.get(Etape.ENRICHIE),
            indexees=debits.get(Etape.INDEXEE),
            evaluees=debits.get(Etape.EVALUEE),
        ),
        remarques=[rendre(constat).message for constat in depot.constats],
        liens=liens_depot(depot.id),
    )
    return vu.model_copy(update={"fini": vu.termine})


def _compte(code: str, nombre: int, exemples: Mapping[str, Constat]) -> CompteConstat:
    """Return how often a finding was made, said by its first example."""
    message = rendre(exemples.get(code, {"code": code})).message
    return CompteConstat(code=code, gravite=gravite(code), message=message, nombre=nombre)


def liens_depot(id_: str) -> LiensDepot:
    """Return the addresses of a deposit."""
    base = f"/v1/depots/{id_}"
    return LiensDepot(depot=base, lignes=f"{base}/lignes", lignes_csv=f"{base}/lignes.csv")


def offre_vue(tenue: Tenue) -> OffreVue:
    """Return an offer as held."""
    if tenue.recue_le is None:
        raise ValueError(f"{tenue.id}: an offer that is stored has an instant")
    return OffreVue(
        id=tenue.id,
        sequence=tenue.sequence,
        etat=Etat(tenue.etat),
        deposant=tenue.deposant,
        cle_ministere_educatif=tenue.cle,
        anciennes_cles=tenue.anciennes_cles,
        recue_le=tenue.recue_le,
        depot=tenue.depot,
        ligne=tenue.ligne if tenue.depot else None,
        motif=tenue.motif,
        predecesseurs=tenue.predecesseurs,
        remplacee_par=tenue.remplacee_par,
        offre={**_LIEU_INCONNU, **orjson.loads(tenue.contenu)},
        constats=[constat_vu(constat) for constat in tenue.constats],
    )


def offre_recue(depot: str, ligne: LigneJugee) -> OffreRecue:
    """Return the answer to one offer that was taken."""
    offre = ligne.offre or ""
    return OffreRecue(
        depot=depot,
        offre=offre,
        sequence=ligne.sequence,
        statut=ligne.statut,
        constats=[constat_vu(constat) for constat in ligne.constats],
        liens={"depot": f"/v1/depots/{depot}", "offre": f"/v1/offres/{quote(offre)}"},
    )
