"""Versions of the reference tables as the routes show them."""

from dataclasses import asdict
from datetime import date, datetime

from services.enrich.adapters.activations import Activation
from services.enrich.domain.admission import Forcage, Refus
from services.enrich.domain.fraicheur import Alarmes, age_jours
from services.enrich.domain.versions import TableEditee, Version
from services.enrich.entrypoints.reponses_referentiels import (
    ActivationVue,
    ComparaisonVue,
    ForcageVu,
    MotifVu,
    Referentiels,
    RefusVu,
    TableReferentiel,
    VersionVue,
)


def referentiels_vus(version: Version, alarmes: Alarmes, maintenant: datetime) -> Referentiels:
    """Return the version in use as everybody sees it."""
    tables = [_table(table, alarmes, maintenant) for table in version.tables]
    return Referentiels(
        version=version.id,
        chargee_le=version.chargee_le,
        activee_le=version.activee_le,
        age_jours=(maintenant - version.chargee_le).days,
        perimee=any(table.perimee for table in tables),
        tables=tables,
    )


def version_vue(version: Version, alarmes: Alarmes, maintenant: datetime) -> VersionVue:
    """Return a version with its reports."""
    return VersionVue(
        id=version.id,
        de=version.de,
        chargee_le=version.chargee_le,
        par=version.par,
        active=version.active,
        activee_le=version.activee_le,
        utilisable=version.utilisable,
        tables=[_table(table, alarmes, maintenant) for table in version.tables],
        comparaisons=[ComparaisonVue(**asdict(une)) for une in version.comparaisons],
        forcage=_forcage(version.forcage) if version.forcage else None,
    )


def refus_vu(refus: Refus) -> RefusVu:
    """Return a refusal."""
    motifs = [MotifVu(**asdict(motif)) for motif in refus.motifs]
    return RefusVu(id=refus.id, le=refus.le, par=refus.par, source=refus.source, motifs=motifs)


def activation_vue(activation: Activation) -> ActivationVue:
    """Return an activation."""
    return ActivationVue(
        version=activation.version,
        le=activation.le,
        par=activation.par,
        retour=activation.retour,
    )


def _table(table: TableEditee, alarmes: Alarmes, maintenant: datetime) -> TableReferentiel:
    bilan = table.bilan
    return TableReferentiel(
        table=table.nom,
        libelle=bilan.libelle,
        edition=table.edition,
        fichier=bilan.fichier,
        source_le=date.fromisoformat(table.source_le) if table.source_le else None,
        chargee_le=table.chargee_le,
        age_jours=age_jours(table, maintenant),
        age_max_jours=alarmes.age_max(table.nom),
        perimee=alarmes.perimee(table, maintenant),
        lues=bilan.lues,
        gardees=bilan.gardees,
        refusees=bilan.refusees,
        remarques=bilan.remarques,
    )


def _forcage(forcage: Forcage) -> ForcageVu:
    motifs = [MotifVu(**asdict(motif)) for motif in forcage.motifs]
    return ForcageVu(raison=forcage.raison, motifs=motifs)
