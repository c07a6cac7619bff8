"""Telling what a move of the tables means, before it happens and when it does."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from contracts.topics import REFERENTIELS
from services.enrich.domain.enrichissement import Enrichisseur
from services.enrich.domain.impact import Avis, Rapport, avis, impact
from services.enrich.domain.impact_textes import message
from services.enrich.domain.recalcul_cles import Ecart
from services.enrich.domain.references.tables import References
from services.enrich.ports_impact import Impacts
from services.kernel.events import Event, make_event

IMPACTS_PAR_EVENEMENT: Final = 50
_EVENEMENTS_MAX: Final = 1_000
TABLES: Final = {
    "cfds": "cfd",
    "fiches": "rncp",
    "anciennes_communes": "communes",
    "etablissements": "etablissements",
}
"""The tables about which something may be told, by field of `References`."""

_TABLE_DU_GENRE: Final = {
    "cfd": "cfd",
    "rncp": "rncp",
    "commune": "communes",
    "etablissement": "etablissements",
    "qualiopi": "etablissements",
}


async def examiner(
    ecart: Ecart, apres: References, jour: str, impacts: Impacts, maintenant: datetime
) -> Rapport:
    """Return whom a move from one version to another concerns, among the formations of now."""
    avant = ecart.avant
    trouve = impact(ecart.changees, avant, apres, jour)
    concernees = (
        [] if trouve.touchees.vide else [une async for une in impacts.concernees(trouve.touchees)]
    )
    return Rapport(
        avant.version,
        apres.version,
        maintenant,
        trouve.tables,
        tuple(avis(trouve.faits, concernees)),
    )


class Annoncer:
    """Makes, keeps and announces the report of an activation; see `recalculer.Annoncer`."""

    def __init__(self, impacts: Impacts) -> None:
        """Tell about the formations of `impacts`."""
        self._impacts = impacts

    async def __call__(
        self,
        ecarts: Mapping[str, Ecart | None],
        enrichisseur: Enrichisseur,
        activation: int,
        maintenant: datetime,
    ) -> Sequence[Event]:
        """Return the events of a move; none when the tables before are gone."""
        ecart = next(iter(ecarts.values()), None)
        if ecart is None:
            return []
        jour = enrichisseur.jour.isoformat()
        rapport = await examiner(ecart, enrichisseur.references, jour, self._impacts, maintenant)
        await self._impacts.garder(rapport)
        return evenements(rapport, activation)


def evenements(rapport: Rapport, activation: int) -> list[Event]:
    """Return the events of a report: one or more for each table that differs."""
    par_table: dict[str, list[Avis]] = {
        TABLES.get(champ, champ): [] for champ in sorted(rapport.tables)
    }
    for un in rapport.avis:
        par_table[_TABLE_DU_GENRE[un.fait.nature.split("_", 1)[0]]].append(un)
    return [
        _evenement(rapport, table, activation * _EVENEMENTS_MAX + rang, part)
        for table, siens in par_table.items()
        for rang, part in enumerate(_parts(siens))
    ]


def _evenement(rapport: Rapport, table: str, sequence: int, part: Sequence[Avis]) -> Event:
    donnees = {
        "table": table,
        "sequence": sequence,
        "version": rapport.vers,
        "precedente": rapport.de,
        "annoncee_le": rapport.calcule_le,
        "impacts": [en_clair(un) for un in part],
    }
    return make_event(REFERENTIELS, table, sequence, donnees, rapport.calcule_le)


def en_clair(un: Avis, *, de_vous: bool = False) -> dict[str, Any]:
    """Return a notice as `contracts.evenements.ImpactV1`."""
    fait = un.fait
    return {
        "nature": fait.nature.value,
        "code": fait.code,
        "libelle": fait.libelle,
        "le": fait.le,
        "successeur": fait.successeur,
        "successeur_libelle": fait.successeur_libelle,
        "message": message(fait, un.offres, de_vous=de_vous),
        "offres": un.offres,
        "etablissements": _comptes(un.par_etablissement()),
        "academies": _comptes(un.par_academie()),
    }


def _comptes(comptes: Mapping[str, int]) -> list[dict[str, Any]]:
    return [{"code": code, "offres": offres} for code, offres in comptes.items()]


def _parts(tous: Sequence[Avis]) -> Iterator[Sequence[Avis]]:
    for debut in range(0, len(tous) or 1, IMPACTS_PAR_EVENEMENT):
        yield tous[debut : debut + IMPACTS_PAR_EVENEMENT]
