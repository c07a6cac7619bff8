"""What is recognised of a refusal of Parcoursup: kept with the answer, told the same everywhere."""

from copy import deepcopy
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pytest

from contracts.statuts import Plateforme, Statut
from services.export.domain.acces import Acteur
from services.export.domain.avis_faits import elements
from services.export.domain.avis_phrases import a_faire, cause
from services.export.domain.colonnes_plateformes import colonnes_de
from services.export.domain.erreurs_parcoursup import reconnaitre
from services.export.domain.erreurs_reconnues import juger_erreur, reclassee, reconnue
from services.export.domain.parcoursup import Issue, Reponse
from services.export.domain.projections import rejuger
from services.export.domain.statut import Retour, lire_retour
from services.export.domain.table_erreurs import table
from services.export.entrypoints.presentation import detailler, resumer
from services.export.ports import Document
from services.export.usecases.reclasser import Reclasseur
from services.kernel.clock import FixedClock
from tests.support.export.etat import stocke
from tests.support.export.magasin import Tuee
from tests.support.export.regles import UnJuge
from tests.unit.export.fabrique import INSTANT, JOUR, juge, regle
from tests.unit.export.faux_parcoursup import UNE, Distant, Memoire, expediteur

PS = Plateforme.PARCOURSUP
QUOTA = {
    "_id": "1",
    "code": "quota",
    "motif": "Quota atteint pour .+",
    "cause": "Trop de places.",
    "action": "En demander moins.",
    "statut": "rejet de publication",
}
DITE = {champ: QUOTA[champ] for champ in ("code", "cause", "action")}
TEXTE = "400 Quota atteint pour 12"
FERME = "400 Mise à jour Impossible : Établissement fermé"
AVEC_QUOTA = table([QUOTA])
INSTRUCTEUR = Acteur("nantes", lambda _: True, "instructeur")


class Poste(Memoire):
    """Offers that were refused, under the table of refusals as it is by now."""

    def reclasseur(self) -> Reclasseur:
        horloge = FixedClock(INSTANT + timedelta(hours=1))
        return Reclasseur(self, self, self.magasin, UnJuge(juge(regle())), horloge)

    def refuser(self, id_: str, texte: str, statut: Statut) -> None:
        """Have an offer whose answer is held as it was before recognitions were kept."""
        ancien = asdict(Retour(1, None, "2020", INSTANT, erreur=texte)) | {"statut": statut.value}
        del ancien["reconnue"]
        offre = self.magasin.tenue(UNE) | {"_id": id_, "retours": {"parcoursup": ancien}}
        rejuger(offre, juge(regle()), INSTANT, origine=None)
        self.offres[id_] = stocke(offre)
        self.envois[id_] = {"formation": id_, "issue": "refusee"}


@pytest.fixture
def poste() -> Poste:
    return Poste()


async def envoyer(poste: Poste, texte: str) -> Document:
    """Have Parcoursup refuse the offer with a text; return it as stored."""
    refus = Reponse(Issue.REFUSEE, Statut.ECHEC, erreur=texte)
    await expediteur(poste, Distant(refus), FixedClock(INSTANT)).passer()
    return poste.offres[UNE]


def dits(offre: Document) -> dict[str, Any]:
    """Return what is told of the refusal: list, sheet, table, notice."""
    (element,) = (un for un in elements(offre, JOUR) if un["rubrique"] == "rejetees")
    (libelle,) = (un.lire(offre) for un in colonnes_de(PS) if "libellé de rejet" in un.titre)
    lue = detailler(offre, {}, INSTRUCTEUR, [PS]).parcoursup
    resume = resumer(offre, [PS]).parcoursup
    assert lue is not None
    assert lue.retour is not None
    assert resume is not None
    assert lue.affiche.rejet == resume.rejet
    return {
        "facette": offre["suivi"].get("parcoursup", {}).get("rejet"),
        "liste": resume.rejet.model_dump() if resume.rejet else None,
        "fiche": (lue.retour.code, lue.retour.cause, lue.retour.action),
        "tableau": libelle,
        "avis": (element["raison"], cause(element), a_faire(element)),
    }


def partout(dite: dict[str, str]) -> dict[str, Any]:
    """Return what is told everywhere of a refusal that is recognised."""
    code, raison, action = dite["code"], dite["cause"], dite["action"]
    return {
        "facette": code,
        "liste": dite,
        "fiche": (code, raison, action),
        "tableau": raison,
        "avis": (f"rejet:{code}", raison, action),
    }


INCONNUE = {
    "facette": None,
    "liste": None,
    "fiche": (None, None, None),
    "tableau": None,
    "avis": (None, "La réponse de la plateforme n'est pas une erreur connue.", ""),
}


class TestAnAnswer:
    async def test_keeps_what_an_added_pattern_recognised_when_it_came(self, poste: Poste) -> None:
        await poste.ajouter(QUOTA)
        offre = await envoyer(poste, TEXTE)

        assert offre["retours"]["parcoursup"]["reconnue"] == DITE
        (envoi,) = poste.envois.values()
        assert envoi["reconnue"] == DITE
        assert dits(offre) == partout(DITE)

    async def test_keeps_what_a_built_in_pattern_recognised(self, poste: Poste) -> None:
        connue = reconnaitre(FERME)
        assert connue is not None
        assert dits(await envoyer(poste, FERME)) == partout(
            {"code": connue.code, "cause": connue.cause, "action": connue.action}
        )

    async def test_that_nothing_recognises_is_told_unknown(self, poste: Poste) -> None:
        assert dits(await envoyer(poste, TEXTE)) == INCONNUE

    def test_held_before_recognitions_were_kept_is_known_by_the_built_in_table(
        self, poste: Poste
    ) -> None:
        poste.refuser(UNE, FERME, Statut.REJET)

        assert dits(poste.offres[UNE])["facette"] == "etablissement-ferme"

    def test_that_failed_is_not_known_by_a_pattern_that_was_replaced(self) -> None:
        # Its code was taken by a narrower pattern: the table in force said that it is unknown.
        assert reconnue({"statut": Statut.ECHEC.value, "erreur": FERME}) is None

    def test_of_success_without_a_code_is_a_failure_whatever_it_says(self) -> None:
        assert juger_erreur("200 Quota atteint pour 12", AVEC_QUOTA) == (Statut.ECHEC, None)

    def test_stored_is_read_with_and_without_its_recognition(self) -> None:
        ancien = asdict(Retour(1, None, "2020", INSTANT))
        lu = lire_retour(ancien | {"reconnue": DITE})
        assert lu is not None
        assert lu.reconnue == DITE
        del ancien["reconnue"]
        assert lire_retour(ancien) == Retour(1, None, "2020", INSTANT)


class TestATableThatGrew:
    async def test_is_told_everywhere_of_what_was_unknown(self, poste: Poste) -> None:
        await envoyer(poste, TEXTE)
        await poste.ajouter(QUOTA)

        assert await poste.reclasseur().passer() == 1
        assert dits(poste.offres[UNE]) == partout(DITE)
        retour = poste.offres[UNE]["retours"]["parcoursup"]
        assert (retour["statut"], retour["erreur"]) == ("rejet de publication", TEXTE)
        assert retour["reclasse_le"] == INSTANT + timedelta(hours=1)
        (envoi,) = poste.envois.values()
        assert (envoi["statut"], envoi["reconnue"]) == ("échec d'envoi", None)

    async def test_tells_partners_the_status_alone(self, poste: Poste) -> None:
        await envoyer(poste, TEXTE)
        dites = len(poste.evenements)
        await poste.ajouter(QUOTA)
        await poste.reclasseur().passer()

        (dernier,) = poste.evenements[dites:]
        assert b"rejet de publication" in dernier.data
        secrets = (TEXTE, *DITE.values(), "nantes")
        assert not [un for un in secrets if un.encode() in dernier.data]

    async def test_that_words_a_refusal_otherwise_tells_partners_nothing(
        self, poste: Poste
    ) -> None:
        await poste.ajouter(QUOTA)
        await envoyer(poste, TEXTE)
        dites, histoire = len(poste.evenements), len(poste.magasin.etat.historique)
        sequence = poste.offres[UNE]["publication"]["sequence"]
        await poste.retirer("quota", "moss", INSTANT)
        await poste.ajouter({**QUOTA, "_id": "2", "cause": "Complet.", "statut": "fermé"})

        assert await poste.reclasseur().passer() == 1
        assert dits(poste.offres[UNE]) == partout({**DITE, "cause": "Complet."})
        assert poste.offres[UNE]["retours"]["parcoursup"]["statut"] == "rejet de publication"
        assert len(poste.evenements) == dites
        assert len(poste.magasin.etat.historique) == histoire
        assert poste.offres[UNE]["publication"]["sequence"] == sequence

    async def test_and_lost_a_pattern_leaves_what_was_told(self, poste: Poste) -> None:
        await poste.ajouter(QUOTA)
        await envoyer(poste, TEXTE)
        await poste.retirer("quota", "moss", INSTANT)

        assert await poste.reclasseur().passer() == 0
        assert dits(poste.offres[UNE]) == partout(DITE)

    async def test_leaves_alone_an_old_answer_that_it_says_the_same(self, poste: Poste) -> None:
        poste.refuser(UNE, FERME, Statut.REJET)
        await poste.ajouter(QUOTA)

        assert await poste.reclasseur().passer() == 0

    def test_leaves_alone_an_answer_that_came_since(self) -> None:
        assert (
            reclassee({"statut": Statut.PUBLIE.value, "erreur": None}, AVEC_QUOTA, INSTANT) is None
        )

    async def test_is_applied_once_and_again_only_when_it_changes(self, poste: Poste) -> None:
        reclasseur = poste.reclasseur()
        await envoyer(poste, TEXTE)
        assert await reclasseur.passer() == 0
        await poste.ajouter(QUOTA)
        assert [await reclasseur.passer() for _ in range(2)] == [1, 0]

    async def test_goes_on_where_a_killed_process_left_it(self, poste: Poste) -> None:
        for rang in range(4):
            poste.refuser(f"{rang:026}", TEXTE, Statut.ECHEC)
        await poste.ajouter(QUOTA)
        entiere = deepcopy(poste)
        await entiere.reclasseur().passer()

        poste.magasin.reste = 2
        with pytest.raises(Tuee):
            await poste.reclasseur().passer()
        assert await poste.reclasseur().passer() == 2
        assert poste.offres == entiere.offres
        assert [un.key for un in poste.evenements] == [un.key for un in entiere.evenements]
