# ruff: noqa: ARG002 - a fake takes what its port gives
"""Loading in any order, against others that load at the same time, over rows of another shape."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.enrich.domain.admission import ChargementRefuse, Refus, Seuils
from services.enrich.domain.chargement.modele import Bilan, Ligne, TableLue
from services.enrich.domain.versions import Version, composer, editer, empreinte_des
from services.enrich.ports_versions import Depart, DepartDepasse
from services.enrich.usecases.charger_references import Demande, Regles, charger
from services.kernel.clock import FixedClock
from services.kernel.errors import Retry
from services.kernel.ids import SequentialIds

NOW = datetime(2026, 1, 15, 8, tzinfo=UTC)
REGLES = Regles(Seuils(0.1, 0.5), FixedClock(NOW), SequentialIds(), lambda: date(2026, 1, 15))
DEMANDE = Demande("moi", "rome.csv")


def _lue(table: str, *codes: str) -> TableLue:
    lignes: list[Ligne] = [[code, "libellé"] for code in codes]
    return TableLue(Bilan(table, table, f"{table}.csv", len(codes), len(codes)), lignes)


def _version(nom: str, *lues: TableLue, **champs: Any) -> Version:  # noqa: ANN401 - any field
    tables = composer((), [editer(lue, NOW) for lue in lues])
    return replace(Version(nom, empreinte_des(tables), tables, NOW, "moi"), **champs)


@dataclass
class Magasin:
    """Versions in memory; each activation of `ailleurs` comes just before one of ours."""

    active: Version | None = None
    lues: dict[str, list[Ligne]] = field(default_factory=dict)
    ailleurs: list[Version] = field(default_factory=list)
    numero: int = 0
    refus: list[Refus] = field(default_factory=list)

    def contenir(self, version: Version, *lues: TableLue) -> Version:
        for lue in lues:
            self.lues[editer(lue, NOW).edition] = lue.lignes
        return version

    async def depart(self, demandee: str | None) -> Depart:
        return Depart(self.active, self.numero)

    async def lignes(self, editions: Sequence[str]) -> dict[str, list[Ligne]]:
        return {edition: self.lues[edition] for edition in editions}

    async def semblable(self, version: Version) -> Version | None:
        return None

    async def enregistrer(
        self, version: Version, lues: Sequence[TableLue], apres: int | None
    ) -> None:
        if self.ailleurs:
            self.active = self.ailleurs.pop()
            self.numero += 1
        if apres != self.numero:
            raise DepartDepasse
        self.contenir(version, *lues)
        self.active = version
        self.numero += 1

    async def confirmer(self, version: Version) -> None:
        self.active = version

    async def activer(self, version: str, maintenant: datetime, par: str) -> None:
        return

    async def refuser(self, refus: Refus) -> None:
        self.refus.append(refus)


async def test_a_load_overtaken_by_another_starts_again_from_it() -> None:
    magasin = Magasin()
    rome, niveaux = _lue("rome", "A", "B"), _lue("niveaux", "400")
    autre = _lue("niveaux", "400", "401")
    magasin.active = magasin.contenir(_version("V1", rome, niveaux), rome, niveaux)
    magasin.ailleurs = [magasin.contenir(_version("V2", rome, autre), autre)]

    chargement = await charger([_lue("rome", "A", "B", "C")], DEMANDE, magasin, REGLES)

    assert chargement.version.de == "V2"
    niveaux_gardes = chargement.version.table("niveaux")
    assert niveaux_gardes is not None
    assert niveaux_gardes.edition == editer(autre, NOW).edition


async def test_a_load_that_is_always_overtaken_is_to_be_tried_again() -> None:
    magasin = Magasin(ailleurs=[_version(f"V{n}") for n in range(10)])

    with pytest.raises(Retry):
        await charger([_lue("rome", "A")], DEMANDE, magasin, REGLES)


async def test_tables_of_another_shape_are_not_taken_over() -> None:
    rome, niveaux = _lue("rome", "A"), _lue("niveaux", "400")
    magasin = Magasin(active=_version("V1", rome, niveaux, format=0))

    with pytest.raises(ChargementRefuse, match="niveaux"):
        await charger([rome], DEMANDE, magasin, REGLES)
    assert [refus.par for refus in magasin.refus] == ["moi"]

    chargement = await charger([rome, niveaux], DEMANDE, magasin, REGLES)
    assert [table.nom for table in chargement.version.tables] == ["niveaux", "rome"]


async def test_a_refusal_leaves_what_was_active() -> None:
    rome = _lue("rome", *"ABCDEFGHIJ")
    magasin = Magasin()
    magasin.active = magasin.contenir(_version("V1", rome), rome)

    with pytest.raises(ChargementRefuse):
        await charger([_lue("rome", *"ABCDEFGH")], DEMANDE, magasin, REGLES)
    assert magasin.active.id == "V1"

    force = replace(DEMANDE, forcer="voulu")
    chargement = await charger([_lue("rome", *"ABCDEFGH")], force, magasin, REGLES)
    assert chargement.version.forcage is not None
    assert [motif.code for motif in chargement.version.forcage.motifs] == ["baisse"]


async def test_a_reason_given_where_nothing_speaks_against_is_not_kept() -> None:
    rome = _lue("rome", "A")
    magasin = Magasin()
    magasin.active = magasin.contenir(_version("V1", rome), rome)

    force = replace(DEMANDE, forcer="au cas où")
    chargement = await charger([_lue("rome", "A", "B")], force, magasin, REGLES)
    assert chargement.version.forcage is None


_FICHIERS = st.lists(
    st.sampled_from(("rome", "niveaux", "regions")), min_size=1, unique=True
).flatmap(
    lambda noms: st.tuples(
        *(st.sets(st.sampled_from("ABCDEF"), min_size=1).map(partial(_de, nom)) for nom in noms)
    )
)


def _de(nom: str, codes: set[str]) -> TableLue:
    return _lue(nom, *sorted(codes))


@settings(max_examples=30, deadline=None)
@given(st.data(), _FICHIERS)
def test_the_order_of_loads_does_not_matter(
    data: st.DataObject, fichiers: tuple[TableLue, ...]
) -> None:
    ordre = data.draw(st.permutations(fichiers))

    assert _contenu(fichiers) == _contenu(ordre)


def _contenu(fichiers: Sequence[TableLue]) -> str:
    async def tout_charger() -> str:
        rome, niveaux = _lue("rome", "A", "B"), _lue("niveaux", "A")
        magasin = Magasin()
        magasin.active = magasin.contenir(_version("V1", rome, niveaux), rome, niveaux)
        for fichier in fichiers:
            await charger([fichier], replace(DEMANDE, forcer="voulu"), magasin, REGLES)
        return magasin.active.empreinte

    return asyncio.run(tout_charger())
