"""What a person asks of an offer, and what the list of actions says of it."""

from collections.abc import Sequence
from copy import deepcopy
from functools import partial
from typing import Final

from hypothesis import strategies as st
from hypothesis.stateful import rule

from contracts.statuts import Plateforme, Statut
from services.export.domain.actions import Action, actions
from services.export.domain.commandes import COMMANDES, Commande, Saisie, tenant
from services.export.domain.faits import version
from services.export.domain.motifs import MOTIFS
from services.export.domain.projections import rejuger
from services.export.domain.statut import se_montre
from services.export.ports import Document
from services.export.usecases.decider import Demande, Prise, decider
from services.kernel.problem import Problem
from tests.unit.export.saison.machine import (
    Machine,
    morts,
    noms,
    personnes,
    plateformes,
    sorts,
    vues,
)
from tests.unit.export.saison.offres import (
    ACTEURS,
    AF,
    OFFRES,
    PLATEFORMES,
    PS,
    id_de,
    permis,
)
from tests.unit.export.saison.terrain import Mort

TEXTES: Final[list[dict[str, str | None] | None]] = [
    None,
    {},
    {"infos_offre": "Internat possible", "url_infos_offre": "https://www.ac-nantes.fr/x"},
    {"modalites_offre": " "},
    {"url_modalites_offre": "https://www.ac-nantes.fr.example.org/x"},
    {"infos_offre": "x" * 1_001},
]
REFUSES: Final = TEXTES[-2:]
saisies: Final = st.builds(
    lambda motif, textes: Saisie(motif.code, "précisée", "pourquoi", textes),
    st.sampled_from(MOTIFS),
    st.sampled_from(TEXTES),
)


class Commandes(Machine):
    """Commands of persons."""

    @rule(
        nom=noms,
        autre=st.none() | st.none() | plateformes,
        commande=st.sampled_from([*Commande, Commande.PUBLIER, Commande.REFUSER]),
        qui=personnes,
        saisie=saisies,
        vue=vues,
        mort=morts,
    )
    def decider(
        self,
        nom: str,
        autre: Plateforme | None,
        commande: Commande,
        qui: str,
        saisie: Saisie,
        vue: str,
        mort: Mort,
    ) -> None:
        """One command: one decision at most, none of a person who may not or who saw another."""
        sur = autre or PLATEFORMES[nom]
        demande = Demande(id_de(nom), sur, commande, saisie, self.version_vue(nom, vue))
        possible = self.action(nom, sur, commande, qui)
        avant = deepcopy(self.etat)
        issue = self.saison.faire(lambda: self.commander(demande, qui), mort)
        prises, actes = self.nouveautes(avant)
        assert (len(prises), len(actes)) <= (1, 1)
        change = bool(prises or actes)
        if not change:
            assert self.etat.formations == avant.formations
        if demande.version != self._vue_avant(avant.formations, nom):
            assert vue == "aucune" or not change
        if not permis(qui, commande, sur):
            assert isinstance(issue, Problem)
            assert not change
        if isinstance(issue, Problem):
            assert not change
            if possible is not None and not possible.possible and issue.status != 412:
                assert issue.code == possible.code
        else:
            assert issue.changee == change or (mort is not None and not issue.changee)
        for acte in actes:
            _verifier_le_rejet(acte, avant.formations[id_de(nom)], possible, qui)

    @rule(
        data=st.data(),
        qui=st.sampled_from(["instructeur", "instructeur", "moss", "administrateur"]),
    )
    def suivre_la_page(self, data: st.DataObject, qui: str) -> None:
        """Whatever the list of actions shows as possible is done, and leads where it says."""
        for nom in OFFRES:
            sur = PLATEFORMES[nom]
            possibles = [
                action for une in COMMANDES[sur]
                if (action := self.action(nom, sur, une, qui)) and action.possible
            ]  # fmt: skip
            if not possibles:
                continue
            action = data.draw(st.sampled_from(possibles))
            motif = data.draw(st.sampled_from([un for un in MOTIFS if sur in un.plateformes]))
            textes = data.draw(st.sampled_from(TEXTES)) if _avec_textes(sur, action) else None
            saisie = Saisie(motif.code, "précisée", "pourquoi", textes)
            vue = self.version_vue(nom, "présente")
            demande = Demande(id_de(nom), sur, action.commande, saisie, vue)
            if textes in REFUSES:
                with self.rien_ne_change():
                    issue = self.saison.faire(partial(self.commander, demande, qui))
                assert isinstance(issue, Problem)
                continue
            issue = self.saison.faire(partial(self.commander, demande, qui))
            assert isinstance(issue, Prise)
            vers = action.vers
            if action.commande is Commande.REFUSER:
                regles = Statut(issue.document["eligibilites"][sur.value]["statut"])
                vers = motif.statut if se_montre(motif.statut, regles, sur) else regles
            assert issue.document["publication"]["plateformes"][sur.value]["statut"] == vers
            self.une_version_ne_revient_jamais()

    @rule(sort=sorts, mort=morts)
    def publier_et_envoyer(self, sort: list[str], mort: Mort) -> None:
        """All that may be published on Parcoursup is asked for, and sent."""
        self.publier_et_envoyer_tout(sort, mort)

    def publier_et_envoyer_tout(self, sort: Sequence[str], mort: Mort) -> None:
        """Do so."""
        for nom in OFFRES:
            action = self.action(nom, PS, Commande.PUBLIER, "instructeur")
            if action is not None and action.possible:
                demande = Demande(id_de(nom), PS, Commande.PUBLIER)
                issue = self.saison.faire(partial(self.commander, demande, "instructeur"))
                assert isinstance(issue, Prise)
        self.saison.distante.prochaines = [*sort]
        self.saison.faire(self.saison.expediteur.passer, mort)

    @rule(qui=personnes, rend=st.booleans())
    def tenir_les_rejets(self, qui: str, rend: bool) -> None:
        """All the rejections that somebody may take in charge, or give back, are."""
        commande = Commande.RENDRE_REJET if rend else Commande.PRENDRE_REJET
        for nom in OFFRES:
            action = self.action(nom, PS, commande, qui)
            if action is not None and action.possible:
                demande = Demande(id_de(nom), PS, commande)
                issue = self.saison.faire(partial(self.commander, demande, qui))
                assert isinstance(issue, Prise)
                assert tenant(issue.document) == (None if rend else ACTEURS[qui].titulaire)

    async def commander(self, demande: Demande, qui: str) -> Prise | Problem:
        try:
            return await decider(demande, ACTEURS[qui], self.saison.decisions)
        except Problem as probleme:
            return probleme

    def _vue_avant(self, formations: dict[str, Document], nom: str) -> str | None:
        offre = formations.get(id_de(nom))
        return version(offre) if offre else None

    def action(self, nom: str, sur: Plateforme, commande: Commande, qui: str) -> Action | None:
        """Return what the list of possible actions says of a command, by today's rules."""
        tenue = self.saison.tenue(nom)
        if tenue is None:
            return None
        juge = self.saison.attendre(self.saison.juges.courant())
        jugee = deepcopy(tenue)
        rejuger(jugee, juge, self.saison.horloge.now(), origine=None)
        toutes = actions(jugee, sur, ACTEURS[qui])
        return next((une for une in toutes if une.commande is commande), None)


def _avec_textes(sur: Plateforme, action: Action) -> bool:
    return sur is AF and action.commande in (Commande.PUBLIER, Commande.ECRIRE_TEXTES)


def _verifier_le_rejet(acte: Document, avant: Document, possible: Action | None, qui: str) -> None:
    """A rejection is taken or given back while there is one, by its holder or one above him."""
    if acte["nature"] == Commande.ECRIRE_TEXTES:
        return
    assert possible is not None
    assert possible.vers is Statut.REJET
    tenu_par = tenant(avant)
    if tenu_par not in (None, ACTEURS[qui].titulaire):
        assert qui in ("moss", "administrateur")
    if acte["nature"] == Commande.RENDRE_REJET:
        assert tenu_par is not None
