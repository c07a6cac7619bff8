"""What holds of a season whatever befell it (issue « Publication », « What must be shown », 2)."""

from copy import deepcopy
from itertools import pairwise
from typing import Final

import orjson

from contracts.statuts import STATUTS, Plateforme, Statut
from contracts.topics import PUBLICATIONS
from services.export.domain.commandes import Commande
from services.export.domain.eligibilite import Clause, evaluer
from services.export.domain.explication_regles import expliquer
from services.export.domain.faits import DECISIONS, textes_tenus
from services.export.domain.liens_affelnet import CHAMPS, controler
from services.export.domain.projections import Juge
from services.export.domain.publication import Jugement, evenement, juger
from services.export.domain.statut import DECISION_CONSERVEE, RENOUVELLEMENT, Nature
from services.export.ports import Document
from services.kernel.events import Event
from tests.support.export.etat import Etat
from tests.support.export.regles import JugesEnMemoire
from tests.unit.export.test_commandes import table

PS, AF = Plateforme.PARCOURSUP, Plateforme.AFFELNET
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

_JOURNAUX: Final = ("decisions", "actes", "historique")


class Registre:
    """The journals as they were seen last: they only grow."""

    def __init__(self) -> None:
        self._vus: dict[str, dict[str, Document]] = {nom: {} for nom in _JOURNAUX}

    def verifier(self, etat: Etat) -> None:
        """Everything that was written once is there still, as it was written."""
        for nom, vu in self._vus.items():
            tenu: dict[str, Document] = getattr(etat, nom)
            assert {cle: tenu.get(cle) for cle in vu} == vu
            self._vus[nom] = deepcopy(tenu)


def les_decisions_sont_celles_du_journal(etat: Etat) -> None:
    """The last entry of the journal on an offer is what the offer holds, and it has no hole."""
    prises: dict[tuple[str, str], list[Document]] = {}
    for entree in etat.decisions.values():
        prises.setdefault((entree["formation"], entree["plateforme"]), []).append(entree)
    for (formation, nom), entrees in prises.items():
        assert [un["numero"] for un in entrees] == list(range(1, len(entrees) + 1))
        tenue = etat.formations[formation]["decisions"][nom]
        assert {champ: entrees[-1][champ] for champ in tenue} == tenue
    for id_, offre in etat.formations.items():
        assert all((id_, nom) in prises for nom in offre.get("decisions") or {})


def les_actes_font_les_faits(etat: Etat) -> None:
    """Texts and who handles a rejection are what the acts noted say, one after the other."""
    par_offre: dict[tuple[str, bool], list[Document]] = {}
    for acte in etat.actes.values():
        textes = acte["nature"] == Commande.ECRIRE_TEXTES
        par_offre.setdefault((acte["formation"], textes), []).append(acte)
    for id_, offre in etat.formations.items():
        ecrits = par_offre.get((id_, True), [])
        rejets = par_offre.get((id_, False), [])
        _les_textes(offre, ecrits)
        tenu = (offre.get("rejets") or {}).get("parcoursup") or {"numero": 0, "pris_par": None}
        assert tenu["numero"] == len(rejets)
        assert tenu["pris_par"] == (_preneur(rejets[-1]) if rejets else None)
        for avant, apres in pairwise(rejets):
            assert apres["avant"] == _preneur(avant)


def _les_textes(offre: Document, ecrits: list[Document]) -> None:
    tenus = textes_tenus(offre)
    controler(tenus)
    assert ((offre.get("textes") or {}).get("affelnet") or {}).get("numero", 0) == len(ecrits)
    avant: Document = dict.fromkeys(CHAMPS)
    for ecrit in ecrits:
        assert ecrit["avant"] == avant != ecrit["apres"]
        avant = ecrit["apres"]
    assert tenus == avant


def _preneur(acte: Document) -> str | None:
    return acte["auteur"] if acte["nature"] == Commande.PRENDRE_REJET else None


def le_statut_se_deduit_des_faits(etat: Etat, juges: JugesEnMemoire) -> None:
    """Judged anew by the judge of its mark, an offer shows what it shows."""
    for offre in etat.formations.values():
        juge = juges.connus[offre["marque"]]
        assert offre["publication"]["plateformes"] == juge_anew(offre, juge).plateformes


def les_explications_disent_le_statut(etat: Etat, juges: JugesEnMemoire) -> None:
    """Codes and status agree; the long explanation agrees with the evaluation."""
    for offre in etat.formations.values():
        juge = juges.connus[offre["marque"]]
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


def aucune_transition_hors_de_la_table(etat: Etat) -> None:
    """Each entry of the journal is a command of the table, or a rule of the field."""
    for entree in etat.decisions.values():
        plateforme, nature = Plateforme(entree["plateforme"]), Nature(entree["nature"])
        if nature.value not in {*map(str, DECISIONS)}:
            assert entree["statut"] in AU_SYSTEME[plateforme, nature]
            continue
        vers = table(plateforme, Commande(nature.value), Statut(entree["depuis"]))
        if nature is Nature.REINITIALISER:
            assert vers
            assert entree["statut"] is None
        else:
            assert entree["statut"] in vers


def les_evenements_sont_les_etats(etat: Etat) -> None:
    """Sequences go up by one; the last state told is the one stored; so is the history."""
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


def juge_anew(offre: Document, juge: Juge) -> Jugement:
    """Return what a judge makes of the facts of an offer."""
    return juger(
        deepcopy(offre["projection"]),
        deepcopy(offre.get("decisions")),
        deepcopy(offre.get("retours")),
        juge.jeu,
        juge.contextes,
    )


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
