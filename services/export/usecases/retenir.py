"""Holds back the offers that Parcoursup would refuse, and lets go those that were mended."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from contracts.statuts import Plateforme, Statut
from services.export.domain.parcoursup import est_forcee
from services.export.domain.precontrole_parcoursup import (
    Attache,
    Reserve,
    precontroler,
    retenues,
)
from services.export.ports import Base, Document, Juges, Transaction
from services.export.ports_parcoursup import Envois
from services.export.usecases.faits import ecrire_faits
from services.kernel.batches import slices
from services.kernel.clock import Clock, now_as_stored

_NOM: Final = Plateforme.PARCOURSUP.value
_LOT: Final = 500
_PAR_NOS_ECHANGES: Final = "cle_sur_un_autre_uai"


async def retenir(
    file: Sequence[Document],
    envoyables: int,
    base: Base,
    juges: Juges,
    envois: Envois,
    horloge: Clock,
) -> list[Document]:
    """Note on the offers of the queue why each is held; return the first that may be sent.

    At most `envoyables` are returned. Only what changed is written.
    """
    reserves = _controler(file, {})
    libres = [offre for offre in file if not reserves[offre["_id"]]][:envoyables]
    a_rapprocher = [*libres, *(offre for offre in file if _tenue_ailleurs(offre))]
    cles = {str(offre["projection"].get("cle_ministere_educatif")) for offre in a_rapprocher}
    attaches = await envois.attaches(cles) if cles else {}
    if attaches:
        reserves = _controler(file, attaches)
    changees = {
        offre["_id"]: reserves[offre["_id"]]
        for offre in file
        if _dites(offre) != [reserve.code for reserve in reserves[offre["_id"]]]
    }
    for ids in slices(list(changees), _LOT):
        await _noter({un: changees[un] for un in ids}, base, juges, horloge)
    return [offre for offre in libres if not reserves[offre["_id"]]]


def _controler(
    file: Sequence[Document], attaches: Mapping[str, Attache]
) -> dict[str, list[Reserve]]:
    vues: set[str] = set()
    reserves = {}
    for offre in file:
        cle = offre["projection"].get("cle_ministere_educatif")
        trouvees = precontroler(offre, attaches.get(cle), doublon=cle in vues)
        reserves[offre["_id"]] = retenues(trouvees, forcee=est_forcee(offre))
        if cle:
            vues.add(cle)
    return reserves


def _dites(offre: Document) -> list[str]:
    retenue = (offre.get("retenue") or {}).get(_NOM) or {}
    return [reserve["code"] for reserve in retenue.get("reserves") or ()]


def _tenue_ailleurs(offre: Document) -> bool:
    return _PAR_NOS_ECHANGES in _dites(offre)


async def _noter(
    changees: Mapping[str, list[Reserve]], base: Base, juges: Juges, horloge: Clock
) -> None:
    juge = await juges.courant()

    async def travail(transaction: Transaction) -> None:
        instant = now_as_stored(horloge)
        tenues = await transaction.formations(list(changees))
        documents = [
            _avec_retenue(tenue, changees[un], instant)
            for un, tenue in tenues.items()
            if tenue["affiche"].get(_NOM) == Statut.PRET
        ]
        await ecrire_faits(transaction, documents, juge, instant, horloge)

    await base.transaction(travail)


def _avec_retenue(tenue: Document, reserves: Sequence[Reserve], instant: datetime) -> Document:
    faits = {**(tenue.get("retenue") or {})}
    avant = faits.pop(_NOM, None) or {}
    if reserves:
        faits[_NOM] = {
            "reserves": [reserve._asdict() for reserve in reserves],
            "depuis": avant.get("depuis", instant),
        }
    return {**tenue, "retenue": faits}
