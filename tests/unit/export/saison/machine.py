"""The machine that plays a season and looks at every promise after each step."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from functools import partial
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant

from contracts.statuts import Plateforme
from contracts.topics import PUBLICATIONS
from services.export.domain.faits import version
from services.export.domain.projections import FAITS
from services.export.ports import Document
from tests.support.export.etat import Etat
from tests.unit.export.saison import promesses
from tests.unit.export.saison.distante import SORTS
from tests.unit.export.saison.offres import ACTEURS, OFFRES, REGLES, VARIANTES, etat_de, id_de
from tests.unit.export.saison.terrain import Mort, Saison

noms: Final = st.sampled_from(OFFRES)
plateformes: Final = st.sampled_from(Plateforme)
morts: Final = st.none() | st.tuples(st.integers(0, 2), st.booleans())
sorts: Final = st.lists(st.sampled_from(["acceptee", "refusee", "quota", *SORTS]), max_size=3)
personnes: Final = st.just("instructeur") | st.sampled_from(sorted(ACTEURS))
vues: Final = st.sampled_from(["présente", "présente", "ancienne", "aucune"])


class Machine(RuleBasedStateMachine):
    """A season of five offers on both platforms; each promise is looked at after each step."""

    def __init__(self) -> None:
        """Begin with nothing."""
        super().__init__()
        self.saison = Saison()
        self.livres: list[Document] = []
        self.sequence = 0
        self.registre = promesses.Registre()
        self.versions: dict[str, list[str]] = {}

    @property
    def etat(self) -> Etat:
        """Return what is committed."""
        return self.saison.etat

    @initialize()
    def commencer(self) -> None:
        """Have one rule a platform, and every offer but those that come in place of another."""
        for contenu in (REGLES[0], REGLES[3]):
            self.saison.faire(partial(self.saison.regler, "creer", None, contenu, None))
        self.livrer_un_lot([self.un_etat(nom, "bonne") for nom in "ABC"], None)

    def teardown(self) -> None:
        """Close what the season opened."""
        self.saison.boucle.close()

    def un_etat(self, nom: str, variante: str) -> Document:
        """Return the next state of an offer."""
        self.sequence += 1
        return etat_de(nom, self.sequence, **deepcopy(VARIANTES[variante]))

    def livrer_un_lot(self, lot: list[Document], mort: Mort) -> None:
        """Deliver states; only their eligibility moves."""
        self.livres += lot
        with self.faits_gardes():
            self.saison.faire(lambda: self.saison.livrer(deepcopy(lot)), mort)

    @contextmanager
    def rien_ne_change(self) -> Iterator[None]:
        """Look whether offers, decisions, acts and what is told stay as they are."""
        avant = deepcopy(self._tout())
        yield
        assert self._tout() == avant

    def _tout(self) -> list[Any]:
        etat = self.etat
        dits = sum(evenement.topic == PUBLICATIONS for evenement in etat.evenements)
        return [etat.formations, etat.decisions, etat.actes, dits]

    @contextmanager
    def faits_gardes(self) -> Iterator[None]:
        """Look whether facts stay as they are, but for a succession's decisions."""
        avant = deepcopy(self.etat)
        yield
        apres = self.etat
        neuves = [un for cle, un in apres.decisions.items() if cle not in avant.decisions]
        assert {un["nature"] for un in neuves} <= {"remplacer"}
        assert apres.actes == avant.actes
        for id_, tenue in avant.formations.items():
            suite = apres.formations[id_]
            if suite.get("remplacements") == tenue.get("remplacements"):
                assert _faits(suite) == _faits(tenue)

    def en_cours(self) -> bool:
        """Tell whether an operation on all offers is not finished."""
        return any(un["etape"] != "terminee" for un in self.etat.operations.values())

    def version_vue(self, nom: str, vue: str) -> str | None:
        """Return a version of an offer: the one it has, one it had, or none."""
        connues = self.versions.get(id_de(nom), ["0.00000000"])
        if vue == "aucune":
            return None
        return connues[-1] if vue == "présente" else connues[-2 % len(connues) - 1]

    def nouveautes(self, avant: Etat) -> tuple[list[Document], list[Document]]:
        """Return the decisions and the acts that were not there."""
        etat = self.etat
        prises = [un for cle, un in etat.decisions.items() if cle not in avant.decisions]
        return prises, [un for cle, un in etat.actes.items() if cle not in avant.actes]

    @invariant()
    def aucune_decision_n_est_perdue(self) -> None:
        self.registre.verifier(self.etat)
        promesses.les_decisions_sont_celles_du_journal(self.etat)
        promesses.les_actes_font_les_faits(self.etat)

    @invariant()
    def le_statut_se_deduit_des_faits(self) -> None:
        promesses.le_statut_se_deduit_des_faits(self.etat, self.saison.juges)

    @invariant()
    def les_explications_disent_le_statut(self) -> None:
        promesses.les_explications_disent_le_statut(self.etat, self.saison.juges)

    @invariant()
    def aucune_transition_hors_de_la_table(self) -> None:
        promesses.aucune_transition_hors_de_la_table(self.etat)

    @invariant()
    def les_evenements_sont_les_etats(self) -> None:
        promesses.les_evenements_sont_les_etats(self.etat)

    @invariant()
    def une_version_ne_revient_jamais(self) -> None:
        """Facts that a person changed or that are told anew have a version never seen before."""
        for id_, offre in self.etat.formations.items():
            vues = self.versions.setdefault(id_, [])
            presente = version(offre)
            if not vues or vues[-1] != presente:
                assert presente not in vues
                vues.append(presente)


def _faits(offre: Document) -> Document:
    return {fait: offre.get(fait) for fait in FAITS if fait != "publication"}
