"""What is done to all offers at once: Affelnet files, starts of campaigns, 1 September."""

from typing import Final

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from contracts.statuts import Plateforme
from tests.unit.export.saison.machine import Machine, morts, plateformes
from tests.unit.export.saison.offres import OFFRES, cle_de
from tests.unit.export.saison.terrain import Mort
from tests.unit.export.test_import_affelnet import lues, rangee

rangees: Final = st.lists(
    st.builds(
        lambda rang, code, cle: rangee(
            rang, code, CLE_MINISTERE_EDUCATIF=cle_de(OFFRES[rang - 1]) if cle else ""
        ),
        st.sampled_from([1, 3, 4, 5]),
        st.sampled_from(["1", "2", "3"]),
        st.booleans(),
    ),
    max_size=3,
)


class Campagnes(Machine):
    """Imports and operations."""

    imports = 0

    @rule(rangs=rangees, mort=morts)
    def importer(self, rangs: list[list[str]], mort: Mort) -> None:
        """An Affelnet file; a second application changes nothing, and no decision is taken."""
        self.imports += 1
        nom, decisions = f"import-{self.imports}", dict(self.etat.decisions)
        self.saison.faire(lambda: self.saison.importer(nom, lues(*rangs)), mort)
        with self.rien_ne_change():
            self.saison.faire(lambda: self.saison.importer(nom, lues(*rangs)))
        assert self.etat.decisions == decisions

    @rule(nature=st.sampled_from(["demarrage", "septembre"]), plateforme=plateformes)
    def demander(self, nature: str, plateforme: Plateforme) -> None:
        """The start of a campaign or 1 September is asked for."""
        with self.rien_ne_change():
            self.saison.faire(lambda: self.saison.demander(nature, plateforme))

    @precondition(lambda self: self.en_cours())
    @rule(tours=st.sampled_from([1, 2, 99]), mort=morts)
    def mener(self, tours: int, mort: Mort) -> None:
        """What was asked for goes on, whole or not."""
        self.saison.faire(lambda: self.saison.mener(tours), mort)
