"""What comes of itself: deliveries, successions, rules, the sweep, time."""

from typing import Final

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from contracts.statuts import Statut
from services.export.domain.vie_regles import SURCHARGES
from services.export.ports import Document
from tests.unit.export.saison.machine import Machine, morts, noms
from tests.unit.export.saison.offres import PRECEDENTES, REGLES, VARIANTES, etat_de, id_de
from tests.unit.export.saison.promesses import juge_anew
from tests.unit.export.saison.terrain import Mort

_ACTES: Final = ["creer", "creer", "changer", "supprimer", "surcharger"]


class Livraisons(Machine):
    """Deliveries and rules."""

    @rule(
        quoi=st.lists(
            st.tuples(noms, st.just("bonne") | st.sampled_from(sorted(VARIANTES))),
            min_size=1,
            max_size=4,
        ),
        mort=morts,
    )
    def livrer(self, quoi: list[tuple[str, str]], mort: Mort) -> None:
        """New states of offers, several of one in any order among them."""
        lot = [self.un_etat(*un) for un in quoi]
        self.livrer_un_lot(sorted(lot, key=lambda etat: str(etat["sequence"])[::-1]), mort)

    @rule(data=st.data())
    def livrer_de_nouveau(self, data: st.DataObject) -> None:
        """Older and present states again: nothing changes."""
        vus = data.draw(st.lists(st.sampled_from(range(len(self.livres))), min_size=1, max_size=4))
        with self.rien_ne_change():
            self.saison.faire(lambda: self.saison.livrer([self.livres[un] for un in vus]))

    @rule(ancienne=st.sampled_from(sorted(PRECEDENTES.items())), ordre=st.booleans(), mort=morts)
    def remplacer(self, ancienne: tuple[str, str], ordre: bool, mort: Mort) -> None:
        """An offer takes the place of another; either may be told first."""
        neuve, vieille = ancienne
        self.sequence += 1
        dites = [
            etat_de(vieille, self.sequence, etat="remplacee", remplacee_par=id_de(neuve)),
            self.un_etat(neuve, "bonne"),
        ]
        for une in dites if ordre else dites[::-1]:
            self.livrer_un_lot([une], mort)

    @rule(
        acte=st.sampled_from(_ACTES),
        rang=st.integers(0, 5),
        contenu=st.sampled_from(REGLES),
        statut=st.none() | st.sampled_from(SURCHARGES),
        mort=morts,
    )
    def regler(
        self, acte: str, rang: int, contenu: Document, statut: Statut | None, mort: Mort
    ) -> None:
        """A rule is created, changed, deleted or overridden."""
        connues = sorted(self.etat.regles)
        identifiant = connues[rang % len(connues)]
        with self.rien_ne_change():
            self.saison.faire(lambda: self.saison.regler(acte, identifiant, contenu, statut), mort)

    @precondition(lambda self: not self.en_cours())
    @rule(tours=st.sampled_from([0, 1, 2, 99, 99]), mort=morts)
    def balayer(self, tours: int, mort: Mort) -> None:
        """The sweep, whole or not; whole, it leaves nothing judged otherwise than today."""
        with self.faits_gardes():
            entier = self.saison.faire(lambda: self.saison.balayer(tours), mort)
        if entier:
            juge = self.saison.attendre(self.saison.juges.courant())
            for offre in self.etat.formations.values():
                assert offre["publication"]["plateformes"] == juge_anew(offre, juge).plateformes

    @rule(jours=st.sampled_from([1, 30, 200]))
    def attendre(self, jours: int) -> None:
        """Days pass."""
        with self.rien_ne_change():
            self.saison.passer(jours)
