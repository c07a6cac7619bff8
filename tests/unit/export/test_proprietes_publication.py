"""Whatever befalls offers, in any order, killed anywhere: what publication promises holds."""

import csv
import os
from collections.abc import Iterator
from copy import deepcopy
from functools import partial
from pathlib import Path
from typing import Any, Final

import orjson
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from contracts.statuts import STATUTS, Plateforme, Statut
from contracts.topics import PUBLICATIONS
from services.export.domain.commandes import Commande, Saisie
from services.export.domain.eligibilite import Clause, evaluer
from services.export.domain.explication_regles import expliquer
from services.export.domain.motifs import MOTIFS
from services.export.domain.projections import FAITS
from services.export.domain.publication import evenement, juger
from services.export.domain.relecture_parcoursup import Etat
from services.export.domain.statut import DECISION_CONSERVEE, RENOUVELLEMENT, Nature
from services.export.domain.vie_regles import SURCHARGES
from services.export.ports import Document
from services.kernel.events import Event
from services.kernel.problem import Forbidden, Problem
from tests.unit.export.fabrique import document_de_regle
from tests.unit.export.saison_aleatoire import (
    ACTEURS,
    OFFRES,
    PLATEFORMES,
    PRECEDENTES,
    Saison,
    cle_de,
    etat_de,
    id_de,
    permis,
)
from tests.unit.export.test_commandes import table
from tests.unit.export.test_import_affelnet import lues, rangee
from tests.unit.export.test_une_mauvaise_nuit import MAUVAISES

PS, AF = Plateforme.PARCOURSUP, Plateforme.AFFELNET
REGLES: Final = [
    document_de_regle(plateforme, **parties)
    for plateforme, parties in (
        (PS, {}),
        (PS, {"statut": "à publier (soumis à validation Recteur)", "num_academie": "02"}),
        (PS, {"condition_integration": "ne doit pas intégrer", "nom_regle_complementaire": "non"}),
        (AF, {}),
        (AF, {"statut": "à définir", "condition_integration": "peut intégrer"}),
        (AF, {"statut": "à publier (soumis à validation)", "nom_regle_complementaire": "oui"}),
    )
]
CODES: Final[dict[str, Statut]] = {
    "publication_demandee": Statut.PRET,
    "publication_refusee": Statut.NON_PUBLIE,
    "mise_a_jour_attendue": Statut.EN_ATTENTE,
    "acceptee_par_la_plateforme": Statut.PUBLIE,
    "rejetee_par_la_plateforme": Statut.REJET,
    "envoi_en_echec": Statut.ECHEC,
    "fermee_par_la_plateforme": Statut.FERME,
}
AU_SYSTEME: Final[dict[tuple[Plateforme, Nature], set[str | None]]] = {
    (AF, Nature.ECHEANCE): {None},
    (AF, Nature.RECONDUIRE): {un.value for un in STATUTS[AF]} | {None},
    (PS, Nature.RECONDUIRE): {un.value for un in STATUTS[PS]} | {None},
    (AF, Nature.REMPLACER): {Statut.PRET, Statut.NON_PUBLIE},
    (PS, Nature.REMPLACER): {Statut.PRET, Statut.PUBLIE, Statut.NON_PUBLIE},
}
"""What the system may decide by a rule of the field (domain.md §3.6, §3.7)."""
DECIDABLES: Final = [Commande.PUBLIER, Commande.REFUSER, Commande.FORCER, Commande.REINITIALISER]

VARIANTES: Final[dict[str, dict[str, Any]]] = {
    "bonne": {},
    "sans uai": {"formation": {"uai_formation": None}},
    "fin de session": {"formation": {"date_debut": ["2021-09-01"]}},
    **MAUVAISES,
}
"""What a delivery makes of an offer."""

noms = st.sampled_from(OFFRES)
plateformes = st.sampled_from(Plateforme)
morts = st.none() | st.tuples(st.integers(0, 2), st.booleans())
variantes = st.sampled_from(["bonne", "bonne", *VARIANTES])
sorts = st.lists(
    st.sampled_from(["acceptee", "refusee", "echec", "perdue", "jamais arrivee", "panne"]),
    max_size=3,
)
lignes = st.lists(
    st.fixed_dictionaries(
        {
            "g_ta_cod": st.sampled_from(["100", "101", "7"]),
            "status": st.sampled_from(Etat).map(str),
            "rco": st.sampled_from([*map(cle_de, OFFRES), "inconnue", None]),
        }
    ),
    max_size=3,
)
rangees = st.lists(
    st.builds(
        lambda rang, code, cle: rangee(
            rang, code, CLE_MINISTERE_EDUCATIF=cle_de(OFFRES[rang - 1]) if cle else ""
        ),
        st.sampled_from([1, 3, 4, 9 - 4]),
        st.sampled_from(["1", "2", "3"]),
        st.booleans(),
    ),
    max_size=3,
)


class Publication(RuleBasedStateMachine):
    """A season of five offers on both platforms; each promise is looked at after each step."""

    def __init__(self) -> None:
        """Begin with nothing."""
        super().__init__()
        self.saison = Saison()
        self.livres: list[Document] = []
        self.sequence = 0
        self.journal: dict[str, Document] = {}
        self.actes: dict[str, Document] = {}
        self.imports = 0

    @initialize()
    def commencer(self) -> None:
        """Have one rule a platform, and every offer but those that come in place of another."""
        for contenu in (REGLES[0], REGLES[3]):
            self.saison.faire(partial(self.saison.regler, "creer", None, contenu, None))
        self._livrer([self._etat(nom, "bonne") for nom in "ABC"], None)

    def teardown(self) -> None:
        """Close what the season opened."""
        self.saison.boucle.close()

    def _etat(self, nom: str, variante: str) -> Document:
        self.sequence += 1
        return etat_de(nom, self.sequence, **deepcopy(VARIANTES[variante]))

    def _livrer(self, lot: list[Document], mort: tuple[int, bool] | None) -> None:
        self.livres += lot
        with self._faits_gardes():
            self.saison.faire(lambda: self.saison.livrer(deepcopy(lot)), mort)

    def _faits_gardes(self) -> "Gardes":
        return Gardes(self.saison)

    @rule(quoi=st.lists(st.tuples(noms, variantes), min_size=1, max_size=4), mort=morts)
    def livrer(self, quoi: list[tuple[str, str]], mort: tuple[int, bool] | None) -> None:
        """New states of offers, several of one in any order among them."""
        lot = [self._etat(*un) for un in quoi]
        self._livrer(sorted(lot, key=lambda etat: str(etat["sequence"])[::-1]), mort)

    @rule(data=st.data())
    def livrer_de_nouveau(self, data: st.DataObject) -> None:
        """Older and present states again: nothing changes."""
        vus = data.draw(st.lists(st.sampled_from(range(len(self.livres))), min_size=1, max_size=4))
        avant = deepcopy(self.saison.memoire.etat.formations)
        self.saison.faire(lambda: self.saison.livrer([deepcopy(self.livres[un]) for un in vus]))
        assert self.saison.memoire.etat.formations == avant

    @rule(ancienne=st.sampled_from(sorted(PRECEDENTES.items())), ordre=st.booleans(), mort=morts)
    def remplacer(
        self, ancienne: tuple[str, str], ordre: bool, mort: tuple[int, bool] | None
    ) -> None:
        """An offer takes the place of another; either may be told first."""
        neuve, vieille = ancienne
        etat = {"etat": "remplacee", "remplacee_par": id_de(neuve)}
        self.sequence += 1
        dites = [etat_de(vieille, self.sequence, **etat), self._etat(neuve, "bonne")]
        for une in dites if ordre else dites[::-1]:
            self._livrer([une], mort)

    @rule(
        acte=st.sampled_from(["creer", "creer", "changer", "supprimer", "surcharger"]),
        rang=st.integers(0, 5),
        contenu=st.sampled_from(REGLES),
        statut=st.none() | st.sampled_from(SURCHARGES),
        mort=morts,
    )
    def regler(
        self,
        acte: str,
        rang: int,
        contenu: Document,
        statut: Statut | None,
        mort: tuple[int, bool] | None,
    ) -> None:
        """A rule is created, changed, deleted or overridden."""
        connues = sorted(self.saison.memoire.etat.regles)
        identifiant = connues[rang % len(connues)]
        avant = deepcopy(self.saison.memoire.etat.formations)
        self.saison.faire(lambda: self.saison.regler(acte, identifiant, contenu, statut), mort)
        assert self.saison.memoire.etat.formations == avant

    @precondition(lambda self: not self._en_cours())
    @rule(tours=st.sampled_from([0, 1, 2, 99, 99]), mort=morts)
    def balayer(self, tours: int, mort: tuple[int, bool] | None) -> None:
        """The sweep, whole or not; whole, it leaves nothing judged otherwise than today."""
        with self._faits_gardes():
            entier = self.saison.faire(lambda: self.saison.balayer(tours), mort)
        if entier:
            juge = self.saison.boucle.run_until_complete(self.saison.juges.courant())
            for offre in self.saison.memoire.etat.formations.values():
                assert offre["publication"]["plateformes"] == _juge_anew(offre, juge)

    @rule(
        nom=noms,
        plateforme=st.none() | plateformes,
        commande=st.sampled_from([*DECIDABLES, Commande.PUBLIER, Commande.REFUSER]),
        qui=st.sampled_from([*ACTEURS, "instructeur", "administrateur"]),
        motif=st.sampled_from(MOTIFS),
        mort=morts,
    )
    def decider(
        self,
        nom: str,
        plateforme: Plateforme | None,
        commande: Commande,
        qui: str,
        motif: Any,  # noqa: ANN401 - a motif
        mort: tuple[int, bool] | None,
    ) -> None:
        """A person's command: one decision at most, and none that is not his to take."""
        sur = plateforme or PLATEFORMES[nom]
        saisie = Saisie(motif.code, "précisée", "pourquoi")
        avant = deepcopy(self.saison.memoire.etat)
        issue = self.saison.faire(
            lambda: self.saison.decider(nom, sur, commande, qui, saisie), mort
        )
        apres = self.saison.memoire.etat
        nouvelles = apres.decisions.keys() - avant.decisions.keys()
        assert len(nouvelles) <= 1
        if not nouvelles:
            assert apres.formations == avant.formations
        if isinstance(issue, Forbidden):
            assert not nouvelles
        if not permis(qui, commande, sur):
            assert isinstance(issue, Problem)
            assert not nouvelles

    @rule(sort=sorts, mort=morts)
    def envoyer(self, sort: list[str], mort: tuple[int, bool] | None) -> None:
        """Parcoursup answers, or does not."""
        self.saison.distante.prochaines = [*sort]
        self.saison.faire(self.saison.expediteur.passer, mort)

    @rule(autres=lignes, siennes=st.booleans(), forcer=st.booleans(), mort=morts)
    def relire(
        self,
        autres: list[Document],
        siennes: bool,
        forcer: bool,
        mort: tuple[int, bool] | None,
    ) -> None:
        """Any rows, those of what was created among them; read again they change nothing."""
        distante, memoire = self.saison.distante, self.saison.memoire
        creees = distante.creees.items() if siennes else ()
        distante.lignes = [
            {"g_ta_cod": identifiant, "status": Etat.RIEN.value, "rco": cle}
            for cle, identifiant in creees
        ] + autres
        self.saison.faire(lambda: self.saison.relire(forcer=forcer), mort)
        ouverts = any(envoi["ouvert"] for envoi in memoire.etat.envois.values())
        avant = deepcopy(memoire.etat.formations)
        self.saison.faire(lambda: self.saison.relire(forcer=forcer))
        if not ouverts:
            assert memoire.etat.formations == avant

    @rule(rangs=rangees, mort=morts)
    def importer(self, rangs: list[list[str]], mort: tuple[int, bool] | None) -> None:
        """An Affelnet file; a second application changes nothing."""
        self.imports += 1
        nom, memoire = f"import-{self.imports}", self.saison.memoire
        self.saison.faire(lambda: self.saison.importer(nom, lues(*rangs)), mort)
        avant = deepcopy(memoire.etat.formations)
        self.saison.faire(lambda: self.saison.importer(nom, lues(*rangs)))
        assert memoire.etat.formations == avant
        assert memoire.etat.imports[nom]["apercu"]["changements"] == 0

    @rule(nature=st.sampled_from(["demarrage", "septembre"]), plateforme=plateformes)
    def demander(self, nature: str, plateforme: Plateforme) -> None:
        """The start of a campaign or 1 September is asked for."""
        self.saison.faire(lambda: self.saison.demander(nature, plateforme))

    @precondition(lambda self: self._en_cours())
    @rule(tours=st.sampled_from([1, 2, 99]), mort=morts)
    def mener(self, tours: int, mort: tuple[int, bool] | None) -> None:
        """What was asked for goes on, whole or not."""
        self.saison.faire(lambda: self.saison.mener(tours), mort)

    @rule(jours=st.sampled_from([1, 30, 200]))
    def attendre(self, jours: int) -> None:
        """Days pass."""
        avant = deepcopy(self.saison.memoire.etat.formations)
        self.saison.passer(jours)
        assert self.saison.memoire.etat.formations == avant

    def _en_cours(self) -> bool:
        operations = self.saison.memoire.etat.operations.values()
        return any(un["etape"] != "terminee" for un in operations)

    @invariant()
    def aucune_decision_n_est_perdue(self) -> None:
        """The journal only grows, its last entry on an offer is what the offer holds."""
        etat = self.saison.memoire.etat
        assert {cle: etat.decisions.get(cle) for cle in self.journal} == self.journal
        self.journal = deepcopy(etat.decisions)
        assert {cle: etat.actes.get(cle) for cle in self.actes} == self.actes
        self.actes = deepcopy(etat.actes)
        prises: dict[tuple[str, str], list[Document]] = {}
        for entree in etat.decisions.values():
            prises.setdefault((entree["formation"], entree["plateforme"]), []).append(entree)
        for (formation, nom), entrees in prises.items():
            assert [un["numero"] for un in entrees] == list(range(1, len(entrees) + 1))
            tenue = etat.formations[formation]["decisions"][nom]
            assert {champ: entrees[-1][champ] for champ in tenue} == tenue
        for id_, offre in etat.formations.items():
            assert all((id_, nom) in prises for nom in offre.get("decisions") or {})

    @invariant()
    def le_statut_se_deduit_des_faits(self) -> None:
        """Judged anew by the judge of its mark, an offer shows what it shows."""
        for offre in self.saison.memoire.etat.formations.values():
            juge = self.saison.juges.connus[offre["marque"]]
            assert offre["publication"]["plateformes"] == _juge_anew(offre, juge)

    @invariant()
    def les_explications_disent_le_statut(self) -> None:
        """Codes and status agree; the long explanation agrees with the evaluation."""
        for offre in self.saison.memoire.etat.formations.values():
            juge = self.saison.juges.connus[offre["marque"]]
            for plateforme, contexte in juge.contextes.items():
                eligibilite = offre["eligibilites"][plateforme.value]
                _verifier_codes(offre["publication"]["plateformes"][plateforme.value], eligibilite)
                longue = expliquer(offre["projection"], juge.jeu, contexte)
                assert longue.eligibilite == evaluer(offre["projection"], juge.jeu, contexte)
                gagnante = longue.gagnante
                assert (gagnante.regle.id if gagnante else None) == eligibilite["regle"]
                manquees = [un.clause.value for un in longue.clauses if not un.tenue]
                assert manquees == sorted(
                    eligibilite["obstacles"], key=lambda code: [*Clause].index(Clause(code))
                )

    @invariant()
    def aucune_transition_hors_de_la_table(self) -> None:
        """Each entry of the journal is a command of the table, or a rule of the field."""
        for entree in self.saison.memoire.etat.decisions.values():
            plateforme, nature = Plateforme(entree["plateforme"]), Nature(entree["nature"])
            if nature.value not in {*map(str, DECIDABLES)}:
                assert entree["statut"] in AU_SYSTEME[plateforme, nature]
                continue
            vers = table(plateforme, Commande(nature.value), Statut(entree["depuis"]))
            if nature is Nature.REINITIALISER:
                assert vers
                assert entree["statut"] is None
            else:
                assert entree["statut"] in vers

    @invariant()
    def les_evenements_sont_les_etats(self) -> None:
        """Sequences go up by one; the last state told is the one stored; so is the history."""
        etat = self.saison.memoire.etat
        derniers: dict[str, Event] = {}
        for dit in etat.evenements:
            if dit.topic == PUBLICATIONS:
                avant = derniers.get(dit.key)
                assert dit.sequence == (avant.sequence if avant else 0) + 1
                derniers[dit.key] = dit
        for id_, offre in etat.formations.items():
            dernier = derniers.get(id_)
            assert offre["publication"]["sequence"] == (dernier.sequence if dernier else 0)
            assert dernier is None or orjson.loads(dernier.data) == evenement(offre)
        statuts: dict[tuple[str, str], str] = {}
        for entree in etat.historique.values():
            cle = entree["formation"], entree["plateforme"]
            assert entree["de"] == statuts.get(cle, entree["de"]) != entree["vers"]
            statuts[cle] = entree["vers"]
        for (id_, nom), statut in statuts.items():
            montre = etat.formations[id_]["publication"]["plateformes"][nom]
            assert montre["statut"] == statut


class Gardes:
    """What eligibility alone moves leaves facts as they are, but for a succession's decisions."""

    def __init__(self, saison: Saison) -> None:
        self._saison = saison

    def __enter__(self) -> None:
        self._avant = deepcopy(self._saison.memoire.etat)

    def __exit__(self, erreur: object, *_: object) -> None:
        if erreur is not None:
            return
        apres = self._saison.memoire.etat
        neuves = [un for cle, un in apres.decisions.items() if cle not in self._avant.decisions]
        assert {un["nature"] for un in neuves} <= {"remplacer"}
        for id_, tenue in self._avant.formations.items():
            suite = apres.formations[id_]
            if suite.get("remplacements") == tenue.get("remplacements"):
                assert _faits(suite) == _faits(tenue)


def _faits(offre: Document) -> Document:
    return {fait: offre.get(fait) for fait in FAITS if fait != "publication"}


def _juge_anew(offre: Document, juge: Any) -> Any:  # noqa: ANN401 - what is shown
    return juger(
        deepcopy(offre["projection"]),
        deepcopy(offre.get("decisions")),
        deepcopy(offre.get("retours")),
        juge.jeu,
        juge.contextes,
    ).plateformes


def _verifier_codes(montre: Document, eligibilite: Document) -> None:
    codes, statut = montre["explication"], montre["statut"]
    if codes[0] in CODES:
        assert (codes, statut) == ([codes[0]], CODES[codes[0]].value)
        return
    if codes[0] == RENOUVELLEMENT:
        assert (statut, eligibilite["statut"]) == (Statut.PRET, Statut.A_PUBLIER)
        codes = codes[1:]
    else:
        assert statut == eligibilite["statut"]
    codes = [code for code in codes if code != DECISION_CONSERVEE]
    assert codes == (eligibilite["obstacles"] or [f"regle:{eligibilite['regle']}"])
    assert bool(eligibilite["obstacles"]) >= (statut == Statut.NON_PUBLIABLE)


Publication.TestCase.settings = settings(
    max_examples=60,
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
TestPublication = Publication.TestCase


_EVENEMENTS: Final = {
    "demander_publication": Commande.PUBLIER,
    "refuser": Commande.REFUSER,
    "forcer_envoi": Commande.FORCER,
    "reinitialiser": Commande.REINITIALISER,
}


_AVEC_TEXTES: Final = {("affelnet", "prêt pour intégration"), ("affelnet", "publié")}


def _transitions() -> Iterator[dict[str, str]]:
    fichier = Path(os.environ.get("CATALOGUE_REFDATA", "")) / "metier" / "transitions.csv"
    if not fichier.is_file():
        pytest.skip("CATALOGUE_REFDATA does not hold the table of transitions")
    with fichier.open(encoding="utf-8", newline="") as lignes_:
        yield from csv.DictReader(lignes_)


def test_the_table_of_this_test_is_that_of_the_reference_files() -> None:
    dites = {
        (Plateforme(une["plateforme"]), _EVENEMENTS[une["evenement"]], Statut(une["depuis"]))
        for une in _transitions()
        if une["evenement"] in _EVENEMENTS
        # What would change nothing is refused, except where texts of Affelnet may come with it.
        and (une["vers"] != une["depuis"] or (une["plateforme"], une["depuis"]) in _AVEC_TEXTES)
    }
    possibles = {
        (plateforme, commande, depuis)
        for plateforme in Plateforme
        for commande in _EVENEMENTS.values()
        for depuis in STATUTS[plateforme]
        if table(plateforme, commande, depuis)
    }
    assert possibles ^ dites == set()
