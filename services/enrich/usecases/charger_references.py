"""Loading reference tables: compared with those in use, refused or stored, then activated."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from services.enrich.domain.admission import (
    ChargementRefuse,
    Forcage,
    Motif,
    Refus,
    Remplacement,
    Seuils,
    juger,
    juger_le_format,
)
from services.enrich.domain.chargement.modele import TableLue
from services.enrich.domain.comparaison import Comparaison, comparer, differences_de
from services.enrich.domain.versions import (
    TableEditee,
    Version,
    composer,
    editer,
    empreinte_des,
)
from services.enrich.ports_versions import Depart, DepartDepasse, Versions
from services.kernel.clock import Clock, JourMetier
from services.kernel.errors import Retry
from services.kernel.ids import Ids

_ESSAIS: Final = 5


@dataclass(frozen=True, slots=True)
class Demande:
    """Who loads what; `forcer` is why it is to be accepted whatever speaks against it.

    The version is made from the active one, or from `depuis`, and activated if `activer`.
    """

    par: str
    source: str
    activer: bool = True
    forcer: str | None = None
    depuis: str | None = None


@dataclass(frozen=True, slots=True)
class Chargement:
    """The version that holds the tables; not `nouvelle` when one with this content was there."""

    version: Version
    nouvelle: bool


@dataclass(frozen=True, slots=True)
class Regles:
    """What a load is judged by, and where time and ids come from."""

    seuils: Seuils
    clock: Clock
    ids: Ids
    jour: JourMetier


async def charger(
    lues: Sequence[TableLue], demande: Demande, versions: Versions, regles: Regles
) -> Chargement:
    """Make a version of the tables read, those of the version it starts from beside them.

    Raises `ChargementRefuse`, once noted, `VersionInconnue` for `depuis`, and
    `kernel.errors.Retry` when other activations always came first.
    """
    maintenant = regles.clock.now()
    editees = await asyncio.to_thread(lambda: [editer(lue, maintenant) for lue in lues])
    for _ in range(_ESSAIS):
        depart = await versions.depart(demande.depuis)
        examen = await _examiner(lues, editees, depart, versions, regles)
        if examen.motifs and not demande.forcer:
            raise ChargementRefuse(await refuser(examen.motifs, demande, versions, regles))
        version = _version(editees, depart, examen, demande, regles.ids.new(), maintenant)
        try:
            return await _enregistrer(version, lues, depart, demande, versions)
        except DepartDepasse:
            continue
    raise Retry("une autre version a été mise en vigueur pendant le chargement")


async def refuser(
    motifs: Sequence[Motif], demande: Demande, versions: Versions, regles: Regles
) -> Refus:
    """Note that a load is refused."""
    refus = Refus(regles.ids.new(), regles.clock.now(), demande.par, demande.source, tuple(motifs))
    await versions.refuser(refus)
    return refus


@dataclass(frozen=True, slots=True)
class _Examen:
    comparaisons: tuple[Comparaison, ...]
    motifs: tuple[Motif, ...]


async def _examiner(
    lues: Sequence[TableLue],
    editees: Sequence[TableEditee],
    depart: Depart,
    versions: Versions,
    regles: Regles,
) -> _Examen:
    base = depart.version
    if base is None:
        return _Examen((), ())
    if not base.utilisable:
        chargees = {editee.nom for editee in editees}
        absentes = [table.nom for table in base.tables if table.nom not in chargees]
        return _Examen((), tuple(juger_le_format(absentes)))
    remplacees = [
        (avant, apres, lue)
        for lue, apres in zip(lues, editees, strict=True)
        if (avant := base.table(apres.nom)) is not None and avant.edition != apres.edition
    ]
    anciennes = await versions.lignes([avant.edition for avant, _, _ in remplacees])
    comparaisons: list[Comparaison] = []
    motifs: list[Motif] = []
    for avant, apres, lue in remplacees:
        trouvees = await asyncio.to_thread(
            differences_de,
            avant.nom,
            anciennes[avant.edition],
            lue.lignes,
            regles.jour().isoformat(),
        )
        comparaisons.append(comparer(avant.nom, trouvees))
        motifs += juger(_remplacement(avant, apres, len(trouvees.ajoutees)), regles.seuils)
    return _Examen(tuple(comparaisons), tuple(motifs))


def _remplacement(avant: TableEditee, apres: TableEditee, nouvelles: int) -> Remplacement:
    return Remplacement(
        avant.nom,
        apres.bilan.libelle,
        avant.bilan.gardees,
        apres.bilan.gardees,
        nouvelles,
        avant.source_le,
        apres.source_le,
    )


def _version(
    editees: Sequence[TableEditee],
    depart: Depart,
    examen: _Examen,
    demande: Demande,
    identifiant: str,
    maintenant: datetime,
) -> Version:
    base = depart.version
    tables = composer(base.tables if base and base.utilisable else (), editees)
    return Version(
        identifiant,
        empreinte_des(tables),
        tables,
        maintenant,
        demande.par,
        de=base.id if base else None,
        comparaisons=examen.comparaisons,
        forcage=Forcage(demande.forcer or "", examen.motifs) if examen.motifs else None,
    )


async def _enregistrer(
    version: Version,
    lues: Sequence[TableLue],
    depart: Depart,
    demande: Demande,
    versions: Versions,
) -> Chargement:
    base = depart.version
    meme = base and base.utilisable and base.empreinte == version.empreinte
    connue = base if meme else await versions.semblable(version)
    if connue is None:
        await versions.enregistrer(version, lues, depart.activation if demande.activer else None)
        return Chargement(version, nouvelle=True)
    confirmee = replace(connue, tables=composer(connue.tables, version.tables))
    await versions.confirmer(confirmee)
    if demande.activer:
        await versions.activer(connue.id, version.chargee_le, demande.par)
    return Chargement(confirmee, nouvelle=False)
