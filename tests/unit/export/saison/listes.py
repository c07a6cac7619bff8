"""What a person asks of many offers: a list, or a selection tried and then applied."""

from copy import deepcopy
from dataclasses import dataclass
from functools import partial
from types import SimpleNamespace
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from contracts.statuts import Plateforme
from services.export.domain.commandes import Commande, Saisie
from services.export.domain.faits import DECISIONS, version
from services.export.domain.motifs import MOTIFS, Motif
from services.export.entrypoints.decisions import decider_liste
from services.export.entrypoints.modeles_decisions import DecisionDemandee
from services.export.ports import Document
from services.export.usecases.decider import Demande, Prise
from services.export.usecases.lots import appliquer_lot, essayer_lot
from tests.unit.export.saison.commandes import Commandes
from tests.unit.export.saison.machine import morts, noms, personnes, plateformes, vues
from tests.unit.export.saison.offres import ACTEURS, PLATEFORMES, id_de, identite
from tests.unit.export.saison.terrain import Mort

decisions: Final = st.just(Commande.PUBLIER) | st.sampled_from(sorted(DECISIONS))
LISTE_MAX: Final = 4


@dataclass(frozen=True)
class Lot:
    """A bulk decision that was tried."""

    jeton: str
    demande: Document
    qui: str
    selection: dict[str, str]


class Listes(Commandes):
    """Lists and selections."""

    def __init__(self) -> None:
        """Begin with no trial."""
        super().__init__()
        self.lots: list[Lot] = []

    @rule(
        quoi=st.lists(
            st.tuples(noms, st.none() | st.none() | plateformes, decisions, vues),
            min_size=1,
            max_size=LISTE_MAX,
        ),
        qui=personnes,
        motif=st.sampled_from(MOTIFS),
    )
    def decider_une_liste(
        self, quoi: list[tuple[str, Plateforme | None, Commande, str]], qui: str, motif: Motif
    ) -> None:
        """A list: an answer to each in its order; without a version 428, and nothing of it."""
        corps = [
            DecisionDemandee.model_validate({
                "formation": id_de(nom), "plateforme": sur or PLATEFORMES[nom],
                "action": commande.value, "motif": motif.code, "precision": "précisée",
                "commentaire": "pourquoi", "version": self.version_vue(nom, vue),
            })
            for nom, sur, commande, vue in quoi
        ]  # fmt: skip
        saison, avant = self.saison, deepcopy(self.etat)
        ici: Any = SimpleNamespace(
            settings=SimpleNamespace(decisions_max=LISTE_MAX), base=saison.memoire,
            juges=saison.juges, horloge=saison.horloge, ids=saison.ids,
        )  # fmt: skip
        reponses = saison.faire(lambda: decider_liste(corps, ici, identite(qui)))
        prises, actes = self.nouveautes(avant)
        changees = [un for un in reponses if un.prise is not None and un.prise.changee]
        assert [un.rang for un in reponses] == list(range(1, len(corps) + 1))
        assert not actes
        assert sorted((un["formation"], un["plateforme"]) for un in prises) == sorted(
            (un.formation, un.plateforme) for un in changees
        )
        for demandee, reponse in zip(corps, reponses, strict=True):
            tenue = avant.formations.get(demandee.formation)
            if demandee.version is None:
                assert reponse.probleme is not None
                assert reponse.probleme["status"] == 428
            elif tenue is None or demandee.version != version(tenue):
                assert reponse not in changees

    @rule(
        choisies=st.sets(noms, min_size=1),
        sur=plateformes,
        commande=decisions,
        qui=personnes,
        motif=st.sampled_from(MOTIFS),
        suite=st.sampled_from(["aussitôt", "dérangée", "plus tard"]),
    )
    def essayer_un_lot(
        self,
        choisies: set[str],
        sur: Plateforme,
        commande: Commande,
        qui: str,
        motif: Motif,
        suite: str,
    ) -> None:
        """A trial writes nothing of offers; applied at once, it gives what it said."""
        saison = self.saison
        offres = [tenue for nom in sorted(choisies) if (tenue := saison.tenue(nom))]
        demande = {
            "plateforme": sur.value, "action": commande.value, "motif": motif.code,
            "precision": "précisée", "commentaire": "pourquoi",
        }  # fmt: skip
        with self.rien_ne_change():
            essai = saison.faire(
                lambda: essayer_lot(demande, offres, ACTEURS[qui], saison.decisions, saison.lots)
            )
        assert [un["formation"] for un in essai["resultats"]] == [un["_id"] for un in offres]
        lot = Lot(essai["jeton"], demande, qui, {un["_id"]: version(un) for un in offres})
        nouveau = all(autre.jeton != lot.jeton for autre in self.lots)
        self.lots.append(lot)
        if not nouveau or suite == "plus tard":
            return
        if suite == "dérangée":
            for nom in sorted(choisies)[:1]:
                self.deranger(nom)
        resultats = self._appliquer(lot, 2, None)
        assert suite == "dérangée" or resultats == essai["resultats"]

    def deranger(self, nom: str) -> None:
        """Have another person decide of an offer, if he may."""
        sur = PLATEFORMES[nom]
        for commande in (Commande.REFUSER, Commande.PUBLIER):
            demande = Demande(id_de(nom), sur, commande, Saisie("offre_annulee"))
            issue = self.saison.faire(partial(self.commander, demande, "seconde"))
            if isinstance(issue, Prise):
                return

    @precondition(lambda self: self.lots)
    @rule(rang=st.integers(0, 9), taille=st.integers(1, 3), mort=morts)
    def appliquer_un_lot(self, rang: int, taille: int, mort: Mort) -> None:
        """A trial applied, all of it or told offer by offer; applied again it changes nothing."""
        lot = self.lots[rang % len(self.lots)]
        premiere = self._appliquer(lot, taille, mort)
        with self.rien_ne_change():
            assert self._appliquer(lot, taille, None) == premiere

    def _appliquer(self, lot: Lot, taille: int, mort: Mort) -> list[Document]:
        saison, avant = self.saison, deepcopy(self.etat)
        deja = len(avant.lots[lot.jeton]["resultats"])
        fait = saison.faire(
            lambda: appliquer_lot(
                lot.jeton, lot.demande, ACTEURS[lot.qui], saison.decisions, saison.lots,
                taille=taille,
            ),
            mort,
        )  # fmt: skip
        resultats: list[Document] = fait["resultats"]
        prises, actes = self.nouveautes(avant)
        changees = [un for un in resultats[deja:] if un["changee"]]
        assert [un["formation"] for un in resultats] == list(lot.selection)
        assert not actes
        assert [un["formation"] for un in prises] == [un["formation"] for un in changees]
        for resultat in resultats[deja:]:
            id_ = resultat["formation"]
            assert resultat["version"] == lot.selection[id_]
            if version(avant.formations[id_]) != lot.selection[id_]:
                assert not resultat["changee"]
            assert (resultat["probleme"] is None) or not resultat["changee"]
            if resultat["probleme"] is None:
                montre = self.etat.formations[id_]["publication"]["plateformes"]
                assert resultat["statut"] == montre[lot.demande["plateforme"]]["statut"]
        return resultats
