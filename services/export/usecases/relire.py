"""Reads back what Parcoursup publishes and applies it, whole or not at all (domain.md §4.2)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from contracts.statuts import Plateforme
from services.export.domain.calendrier_parcoursup import relecture_attendue
from services.export.domain.lecture_parcoursup import LectureRefusee, lire, verifier_ampleur
from services.export.domain.parcoursup import reponse_de_relecture
from services.export.domain.projections import Juge
from services.export.domain.relecture_parcoursup import (
    Changement,
    Ligne,
    Relecture,
    Suivie,
    rapprocher,
    relue,
    suivie,
)
from services.export.ports import Document, Transaction
from services.export.ports_parcoursup import AccesRetire, LectureImpossible, Relectures
from services.export.usecases.conclure import conclure_par_relecture
from services.export.usecases.envoyer import IDENTIFIANTS_REFUSES, Moyens
from services.export.usecases.faits import ecrire_faits
from services.kernel.clock import now_as_stored
from services.kernel.errors import Contention
from services.kernel.logs import logger

_NOM: Final = Plateforme.PARCOURSUP.value
_LOT: Final = 500
REFUSEE: Final = "relecture_refusee"


@dataclass(frozen=True, slots=True)
class Rythme:
    """When to ask again after a failure, about an unknown outcome, after an abandoned attempt."""

    reprise_s: float
    inconnu_s: float
    abandon_s: float = 900.0


class Relecteur:
    """Asks for the read-back when it is due or wanted, and applies it."""

    def __init__(self, moyens: Moyens, relectures: Relectures, rythme: Rythme) -> None:
        """Read through these ports."""
        self._moyens = moyens
        self._relectures = relectures
        self._rythme = rythme

    async def passer(self) -> bool:
        """Do one read-back if it is due, asked for, or would settle an outcome; tell whether."""
        await self._demander_s_il_le_faut()
        instant = now_as_stored(self._moyens.horloge)
        demande = await self._relectures.prendre(
            instant, instant - timedelta(seconds=self._rythme.abandon_s)
        )
        if demande is None:
            return False
        rapport = await self._executer(demande)
        await self._relectures.conclure(demande["_id"], rapport)
        logger.info("relecture_parcoursup", etat=rapport["etat"], lignes=rapport.get("lignes"))
        return True

    async def _demander_s_il_le_faut(self) -> None:
        instant = now_as_stored(self._moyens.horloge)
        derniere = await self._relectures.derniere_demande()
        age = (instant - derniere).total_seconds() if derniere else None
        appliquee = await self._relectures.derniere()
        reglages = await self._moyens.reglages.courants()
        if relecture_attendue(reglages, instant, appliquee["lue_le"] if appliquee else None):
            if age is None or age >= self._rythme.reprise_s:
                await self._demander("La relecture du jour.", instant)
        elif age is None or age >= self._rythme.inconnu_s:
            avant = instant - timedelta(seconds=self._rythme.inconnu_s)
            if await self._moyens.envois.inconnus(avant):
                await self._demander("Des échanges dont l'issue est inconnue.", instant)

    async def _demander(self, motif: str, instant: datetime) -> None:
        identifiant = self._moyens.ids.new()
        await self._relectures.demander(
            demande_de_relecture(identifiant, "catalogue", motif, instant)
        )

    async def _executer(self, demande: Document) -> Document:
        surveillance, horloge = self._moyens.surveillance, self._moyens.horloge
        lue_le = now_as_stored(horloge)
        try:
            lignes = lire(await self._moyens.plateforme.relire())
            suivies = await self._relectures.suivies()
            precedente = await self._relectures.derniere()
            attendues = precedente["nombre"] if precedente else _identifiees(suivies)
            if not demande["forcer"]:
                verifier_ampleur(len(lignes), attendues)
        except LectureImpossible as erreur:
            if isinstance(erreur, AccesRetire):
                await surveillance.lever(IDENTIFIANTS_REFUSES, str(erreur), lue_le)
            return _fin("impossible", lue_le, raison=str(erreur))
        except LectureRefusee as refus:
            if await surveillance.lever(REFUSEE, str(refus), lue_le):
                logger.error("relecture_parcoursup_refusee", code=refus.code, raison=str(refus))
            return _fin("refusee", lue_le, raison=str(refus), code=refus.code)
        if not await self._relectures.avancer(lue_le, len(lignes)):
            return _fin("perimee", lue_le, raison="Une relecture plus récente est déjà appliquée.")
        resolues = await self._resoudre(lignes, lue_le)
        if resolues:  # rows may be about the identifiers that others have just given
            suivies = await self._relectures.suivies()
        rapport = await self._appliquer(demande["_id"], suivies, lignes, lue_le)
        await surveillance.baisser(REFUSEE, now_as_stored(horloge))
        return {**rapport, "resolues": resolues}

    async def _appliquer(
        self, id_: str, suivies: Sequence[Suivie], lignes: Sequence[Ligne], lue_le: datetime
    ) -> Document:
        juge = await self._moyens.juges.courant()
        campagne = juge.contextes[Plateforme.PARCOURSUP].campagne.id
        releve = Relecture()
        par_offre = rapprocher(suivies, lignes, releve)
        touchees = [
            offre.id
            for offre in suivies
            if relue(offre, par_offre.get(offre.id, ()), campagne, lue_le) is not None
        ]
        changees = 0
        for debut in range(0, len(touchees), _LOT):
            lot = {un: par_offre.get(un, ()) for un in touchees[debut : debut + _LOT]}
            faites = await self._appliquer_un_lot((id_, debut), lot, juge, lue_le)
            if faites is None:
                return _fin("perimee", lue_le, raison="Une relecture plus récente a commencé.")
            changees += faites
        return _fin(
            "appliquee",
            lue_le,
            lignes=len(lignes),
            par_etat=dict(Counter(ligne.etat for ligne in lignes)),
            changees=changees,
            sans_offre=[asdict(ligne) for ligne in releve.sans_offre[:_GARDEES]],
            nombre_sans_offre=len(releve.sans_offre),
            inconnues=[asdict(ligne) for ligne in releve.inconnues[:_GARDEES]],
            nombre_inconnues=len(releve.inconnues),
        )

    async def _appliquer_un_lot(
        self,
        place: tuple[str, int],
        lot: Mapping[str, Sequence[Ligne]],
        juge: Juge,
        lue_le: datetime,
    ) -> int | None:
        """Write what a batch of offers becomes; None when a newer read-back is in force."""
        campagne = juge.contextes[Plateforme.PARCOURSUP].campagne.id

        async def travail(transaction: Transaction) -> int | None:
            if await transaction.relecture_en_vigueur() != lue_le:
                return None
            instant = now_as_stored(self._moyens.horloge)
            documents, dits = [], []
            for un, tenue in (await transaction.formations(list(lot))).items():
                change = relue(suivie(tenue), lot[un], campagne, lue_le)
                if change is not None:
                    document = _avec(tenue, change, lue_le)
                    documents.append(document)
                    dits.append((tenue, document, change))
            await ecrire_faits(transaction, documents, juge, instant, self._moyens.horloge)
            relecture, rang = place
            await transaction.noter_relecture(
                {
                    "_id": f"{relecture}.{rang:06}",
                    "relecture": relecture,
                    "changements": [_dit(*un) for un in dits],
                }
            )
            return len(documents)

        return await self._moyens.base.transaction(travail)

    async def _resoudre(self, lignes: Sequence[Ligne], lue_le: datetime) -> list[Document]:
        """Settle the exchanges whose outcome was unknown before the read-back was asked for."""
        par_cle: dict[str | None, list[Ligne]] = {}
        for ligne in lignes:
            par_cle.setdefault(ligne.cle, []).append(ligne)
        moyens, resolus = self._moyens, []
        avant = lue_le - timedelta(seconds=self._rythme.inconnu_s)
        for envoi in await moyens.envois.inconnus(avant):
            reponse = reponse_de_relecture(par_cle.get(envoi["cle"]) or ())
            try:
                conclu = await conclure_par_relecture(
                    envoi, reponse, lue_le, moyens.base, moyens.juges, moyens.horloge
                )
            except Contention:  # its offer is busy: the next read-back finds the exchange again
                continue
            if not conclu:
                break
            resolus.append(
                {
                    "formation": envoi["formation"],
                    "cle": envoi["cle"],
                    "issue": reponse.issue.value,
                    "identifiant": reponse.identifiant,
                }
            )
        return resolus


_GARDEES: Final = 5_000


def demande_de_relecture(
    identifiant: str, par: str, motif: str, instant: datetime, *, forcer: bool = False
) -> Document:
    """Return a request; `forcer` admits a read-back shorter than the threshold."""
    return {
        "_id": identifiant,
        "etat": "demandee",
        "par": par,
        "motif": motif,
        "demandee_le": instant,
        "forcer": forcer,
    }


def _fin(etat: str, lue_le: datetime, **parties: object) -> Document:
    return {"etat": etat, "lue_le": lue_le, **parties}


def _identifiees(suivies: Sequence[Suivie]) -> int:
    return sum(offre.retour is not None and bool(offre.retour.identifiant) for offre in suivies)


def _avec(tenue: Document, change: Changement, lue_le: datetime) -> Document:
    retours = {**(tenue.get("retours") or {})}
    if change.retour is not None:
        statut = change.retour.statut
        retours[_NOM] = {**asdict(change.retour), "statut": statut.value if statut else None}
    relecture = {
        "lues": [list(lue) for lue in sorted(change.lues)],
        "visible": change.visible,
        "lue_le": lue_le,
    }
    return {
        **tenue,
        "retours": retours,
        "relecture": {**(tenue.get("relecture") or {}), _NOM: relecture},
    }


def _dit(tenue: Document, document: Document, change: Changement) -> dict[str, Any]:
    avant = (tenue.get("retours") or {}).get(_NOM) or {}
    return {
        "formation": tenue["_id"],
        "cle": tenue["projection"].get("cle_ministere_educatif"),
        "num_academie": tenue["projection"].get("num_academie"),
        "depuis": tenue["publication"]["plateformes"][_NOM]["statut"],
        "vers": document["publication"]["plateformes"][_NOM]["statut"],
        "identifiant_avant": avant.get("identifiant"),
        "identifiant": change.retour.identifiant if change.retour else None,
        "visible": change.visible,
        "etats": sorted(etat for etat, _ in change.lues),
    }
