"""Everything that sending to Parcoursup and reading back from it store, in memory."""

from collections.abc import AsyncGenerator, Collection, Mapping
from datetime import datetime
from typing import Final

from contracts.statuts import Statut
from services.export.domain.calendrier_parcoursup import Reglages
from services.export.domain.disjoncteur import Disjoncteur
from services.export.domain.erreurs_parcoursup import CONNUE, Table
from services.export.domain.parcoursup import (
    CHAMPS_ENVOYES,
    PANNES_SEULE,
    SEULE_DEPUIS,
    SEULE_REPRISE,
    place,
)
from services.export.domain.precontrole_parcoursup import CHAMPS_CONTROLES, Attache
from services.export.domain.relecture_parcoursup import Suivie, suivie
from services.export.domain.table_erreurs import table
from services.export.ports import Document
from tests.support.export.etat import Etat, projete, stocke
from tests.support.export.magasin import Magasin

_ENVOI: Final = (
    *(f"projection.{champ}" for champ in (*CHAMPS_ENVOYES, *CHAMPS_CONTROLES)),
    "decisions.parcoursup",
    "retours.parcoursup",
    "relecture.parcoursup",
    "retenue.parcoursup",
    "publication.sequence",
)


class PosteParcoursup:
    """Implements every store of `ports_parcoursup`: exchanges, alarms, settings, table, reading."""

    def __init__(self, magasin: Magasin) -> None:
        """Send the offers of `magasin`."""
        self._magasin = magasin
        self._lue: Table = CONNUE
        self._lus: list[Document] = []

    @property
    def _etat(self) -> Etat:
        return self._magasin.etat

    async def file(self, instant: datetime) -> list[Document]:
        occupees = {un["formation"] for un in self._etat.envois.values() if un["ouvert"]}
        a_part = self._a_part(instant)
        attendent = {un for un, derniere in a_part.items() if instant - derniere < SEULE_REPRISE}
        pretes = [
            projete(offre, _ENVOI)
            for offre in self._etat.formations.values()
            if _est_prete(offre) and offre["_id"] not in occupees | attendent
        ]
        return sorted(pretes, key=lambda offre: place(offre, a_part=offre["_id"] in a_part))

    def _a_part(self, instant: datetime) -> dict[str, datetime]:
        pannes: dict[str, list[datetime]] = {}
        for envoi in self._etat.envois.values():
            if envoi["issue"] == "a_reprendre":
                pannes.setdefault(envoi["formation"], []).append(envoi["commence_le"])
        return {
            formation: max(dates)
            for formation, dates in pannes.items()
            if len(dates) > PANNES_SEULE and min(dates) < instant - SEULE_DEPUIS
        }

    async def repondus_depuis(self, instant: datetime) -> int:
        return sum(
            un["issue"] in ("acceptee", "refusee") and un["repondu_le"] >= instant
            for un in self._etat.envois.values()
        )

    async def attaches(self, cles: Collection[str]) -> Mapping[str, Attache]:
        return {
            envoi["cle"]: Attache(envoi["uai"], envoi.get("identifiant"))
            for _, envoi in sorted(self._etat.envois.items())
            if envoi["issue"] == "acceptee" and envoi.get("cle") in cles and "uai" in envoi
        }

    async def preparer(self, envoi: Document, vue: int) -> bool:
        offre = self._etat.formations.get(envoi["formation"])
        ouverts = {un["formation"] for un in self._etat.envois.values() if un["ouvert"]}
        if offre is None or not _est_prete(offre) or envoi["formation"] in ouverts:
            return False
        if offre["publication"]["sequence"] != vue or envoi["_id"] in self._etat.envois:
            return False
        self._etat.envois[envoi["_id"]] = stocke(envoi)
        return True

    async def suspendre(self, envoi: str, reponse: Document, reprendre_le: datetime | None) -> None:
        tenu = self._etat.envois[envoi]
        self._etat.envois[envoi] = stocke({**tenu, **reponse, "ouvert": reprendre_le is None})

    async def inconnus(self, avant: datetime) -> list[Document]:
        return [
            stocke(un)
            for un in self._etat.envois.values()
            if un["ouvert"] and un["commence_le"] < avant
        ]

    async def arreter(self, raison: str, instant: datetime) -> None:
        self._etat.arret = {"raison": raison, "depuis": instant}

    async def arret(self) -> Document | None:
        return self._etat.arret

    async def disjoncteur(self) -> Disjoncteur:
        return self._etat.disjoncteur or Disjoncteur()

    async def sonder(self, vu: Disjoncteur, pas_avant: datetime) -> bool:
        tenu = self._etat.disjoncteur
        if tenu is None or (tenu.echecs, tenu.pas_avant) != (vu.echecs, vu.pas_avant):
            return False
        self._etat.disjoncteur = Disjoncteur(tenu.echecs, pas_avant, tenu.ouvert_depuis)
        return True

    async def garder(self, etat: Disjoncteur, erreur: str | None) -> None:
        del erreur
        self._etat.disjoncteur = etat

    async def lever(self, nature: str, detail: str, instant: datetime) -> bool:
        if any(un["nature"] == nature and un["levee"] for un in self._etat.alarmes):
            return False
        alarme = {"nature": nature, "detail": detail, "depuis": instant, "levee": True}
        self._etat.alarmes.append(alarme)
        return True

    async def baisser(self, nature: str, instant: datetime) -> bool:
        levees = [un for un in self._etat.alarmes if un["nature"] == nature and un["levee"]]
        for alarme in levees:
            alarme |= {"levee": False, "fin": instant}
        return bool(levees)

    async def courants(self) -> Reglages:
        return self._etat.reglages

    async def table(self) -> Table:
        actifs = [motif for _, motif in sorted(self._etat.erreurs.items()) if motif["actif"]]
        if actifs != self._lus:
            self._lue, self._lus = table(actifs), actifs
        return self._lue

    async def ajouter(self, motif: Document) -> bool:
        """Add a pattern; False when one is in force under its code."""
        actifs = {un["code"] for un in self._etat.erreurs.values() if un["actif"]}
        if motif["code"] in actifs:
            return False
        self._etat.erreurs[motif["_id"]] = stocke({**motif, "actif": True})
        return True

    async def retirer(self, code: str, par: str, instant: datetime) -> bool:
        """Withdraw a pattern that was added; tell whether there was one."""
        for id_, motif in self._etat.erreurs.items():
            if motif["code"] == code and motif["actif"]:
                retrait = {"actif": False, "retire_par": par, "retire_le": instant}
                self._etat.erreurs[id_] = stocke(motif | retrait)
                return True
        return False

    async def refusees(self) -> AsyncGenerator[list[Document], None]:
        envois = self._etat.envois.values()
        refusees = {un["formation"] for un in envois if un["issue"] == "refusee"}
        for id_ in sorted(refusees & self._etat.formations.keys()):
            yield [projete(self._etat.formations[id_], ["retours.parcoursup"])]

    async def demander(self, demande: Document) -> None:
        self._etat.relectures[demande["_id"]] = stocke(demande)

    async def prendre(self, instant: datetime, abandon: datetime) -> Document | None:
        for id_, demande in sorted(self._etat.relectures.items()):
            abandonnee = demande["etat"] == "en_cours" and demande["prise_le"] < abandon
            if demande["etat"] == "demandee" or abandonnee:
                prise = stocke(demande | {"etat": "en_cours", "prise_le": instant})
                self._etat.relectures[id_] = prise
                return stocke(prise)
        return None

    async def conclure(self, relecture: str, rapport: Document) -> None:
        self._etat.relectures[relecture] = stocke(self._etat.relectures[relecture] | rapport)

    async def derniere(self) -> Document | None:
        return self._etat.en_vigueur

    async def derniere_demande(self) -> datetime | None:
        return max((un["demandee_le"] for un in self._etat.relectures.values()), default=None)

    async def avancer(self, lue_le: datetime, nombre: int) -> bool:
        tenue = self._etat.en_vigueur
        if tenue is not None and tenue["lue_le"] >= lue_le:
            return False
        self._etat.en_vigueur = {"lue_le": lue_le, "nombre": nombre}
        return True

    async def suivies(self) -> list[Suivie]:
        return [suivie(offre) for offre in self._etat.formations.values()]


def _est_prete(offre: Document) -> bool:
    return bool(offre["affiche"].get("parcoursup") == Statut.PRET)
