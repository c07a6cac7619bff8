"""What Parcoursup answers and tells, in whichever order it comes, and what is made of it later."""

from collections.abc import Awaitable, Callable
from copy import deepcopy
from datetime import timedelta
from typing import Final

from hypothesis import strategies as st
from hypothesis.stateful import rule

from contracts.statuts import Statut
from services.export.domain.relecture_parcoursup import Etat
from services.export.ports import Document
from services.export.usecases.relire import demande_de_relecture
from tests.unit.export.saison.commandes import Commandes
from tests.unit.export.saison.machine import morts, sorts
from tests.unit.export.saison.offres import OFFRES, cle_de
from tests.unit.export.saison.terrain import Mort

lignes: Final = st.lists(
    st.fixed_dictionaries(
        {
            "g_ta_cod": st.sampled_from(["100", "101", "7"]),
            "status": st.sampled_from(Etat).map(str),
            "rco": st.sampled_from([*map(cle_de, OFFRES), "inconnue", None]),
        }
    ),
    max_size=3,
)
MOTIFS: Final = ["Quota atteint pour .+", "texte inconnu", "jamais dit", "Établissement inconnu"]


class Echanges(Commandes):
    """Sending, reading back, the table of refusals."""

    @rule(sort=sorts, mort=morts)
    def envoyer(self, sort: list[str], mort: Mort) -> None:
        """Parcoursup answers, or does not."""
        self.saison.distante.prochaines = [*sort]
        self.saison.faire(self.saison.expediteur.passer, mort)

    @rule(autres=lignes, siennes=st.booleans(), forcer=st.booleans(), mort=morts)
    def relire(self, autres: list[Document], siennes: bool, forcer: bool, mort: Mort) -> None:
        """Any rows, those of what was created among them; read again they change nothing."""
        self.saison.distante.lignes = self._lignes(autres, siennes=siennes)
        self.saison.faire(lambda: self.saison.relire(forcer=forcer), mort)
        ouverts = any(envoi["ouvert"] for envoi in self.etat.envois.values())
        avant = deepcopy(self.etat.formations)
        self.saison.faire(lambda: self.saison.relire(forcer=forcer))
        if not ouverts:
            assert self.etat.formations == avant

    @rule(
        anciennes=lignes,
        recentes=lignes,
        siennes=st.booleans(),
        commencee=st.booleans(),
        mort=morts,
    )
    def relire_en_retard(
        self,
        anciennes: list[Document],
        recentes: list[Document],
        siennes: bool,
        commencee: bool,
        mort: Mort,
    ) -> None:
        """A read-back that arrives, or is half applied, after a newer one changes nothing more."""
        saison = self.saison
        saison.distante.lignes = self._lignes(anciennes, siennes=not siennes)
        ouverts = mort is not None and any(un["ouvert"] for un in self.etat.envois.values())
        apres: list[tuple[dict[str, Document], dict[str, Document]]] = []

        async def une_plus_recente() -> None:
            saison.memoire.reste = None
            saison.horloge.instant += timedelta(minutes=1)
            saison.distante.lignes = self._lignes(recentes, siennes=siennes)
            await self._demander()
            assert await saison.relecteur.passer()
            if (self.etat.en_vigueur or {}).get("lue_le") == saison.horloge.now() and not ouverts:
                apres.append(deepcopy((self.etat.formations, self.etat.envois)))
            if mort is not None:
                saison.memoire.reste, saison.memoire.engagee = mort

        if commencee:
            saison.juges_du_relecteur.entre_temps = une_plus_recente
        else:
            saison.distante.entre_temps = une_plus_recente
        saison.faire(self._une_relecture(), mort)
        saison.juges_du_relecteur.entre_temps = saison.distante.entre_temps = None
        if apres:
            assert (self.etat.formations, self.etat.envois) == apres[0]

    def _une_relecture(self) -> Callable[[], Awaitable[bool]]:
        """Return an act that asks for one read-back and does it."""

        async def acte() -> bool:
            await self._demander()
            return await self.saison.relecteur.passer()

        return acte

    async def _demander(self) -> None:
        demande = demande_de_relecture(
            self.saison.ids.new(), "moss", "", self.saison.horloge.now(), forcer=True
        )
        await self.saison.poste.demander(demande)

    def _lignes(self, autres: list[Document], *, siennes: bool) -> list[Document]:
        creees = self.saison.distante.creees.items() if siennes else ()
        return [
            {"g_ta_cod": identifiant, "status": Etat.RIEN.value, "rco": cle}
            for cle, identifiant in creees
        ] + autres

    @rule(
        motif=st.sampled_from(MOTIFS),
        statut=st.sampled_from([Statut.REJET, Statut.FERME]),
        retrait=st.booleans(),
        sort=st.just(()) | st.permutations(["echec", "quota", "refusee"]),
        mort=morts,
    )
    def changer_la_table(
        self,
        motif: str,
        statut: Statut,
        retrait: bool,
        sort: list[str],
        mort: Mort,
    ) -> None:
        """A pattern comes or goes; what is at échec is then of no pattern, the rest stays."""
        saison = self.saison
        if sort:
            self.publier_et_envoyer_tout(sort, None)
        code, instant = f"c{MOTIFS.index(motif)}", saison.horloge.now()
        if retrait:
            saison.faire(lambda: saison.poste.retirer(code, "moss", instant))
        else:
            dit = {"code": code, "motif": motif, "cause": "c", "action": "a"}
            neuf = {"_id": saison.ids.new(), **dit, "statut": statut.value, "par": "moss"}
            saison.faire(lambda: saison.poste.ajouter(neuf))
        envois, decisions = deepcopy(self.etat.envois), dict(self.etat.decisions)
        avant = deepcopy(self.etat.formations)
        saison.faire(saison.reclasseur.passer, mort)
        assert (self.etat.envois, self.etat.decisions) == (envois, decisions)
        table = saison.attendre(saison.poste.table())
        for id_, offre in self.etat.formations.items():
            _verifier_le_retour(avant[id_], offre)
            retour = (offre.get("retours") or {}).get("parcoursup") or {}
            if retour.get("statut") == Statut.ECHEC:
                assert table.reconnaitre(retour["erreur"]) is None
        with self.rien_ne_change():
            saison.faire(saison.reclasseur.passer)


def _verifier_le_retour(avant: Document, apres: Document) -> None:
    """Only a failure takes another status; identifier, text, decision and time are what came."""
    avant, apres = ((un.get("retours") or {}).get("parcoursup") or {} for un in (avant, apres))
    for champ in ("decision", "campagne", "recu_le", "identifiant", "erreur", "publiee_le"):
        assert avant.get(champ) == apres.get(champ)
    if avant.get("statut") != Statut.ECHEC:
        assert avant.get("statut") == apres.get("statut")
