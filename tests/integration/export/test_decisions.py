"""Decisions of the académies through the API, up to the Affelnet file."""

import csv
import io
from typing import Any

import httpx
import pytest
import pytest_asyncio

from contracts.statuts import Plateforme
from services.export.adapters.lots import LotsMongo
from services.export.adapters.mongo import BaseMongo
from services.export.adapters.regles import JugesMongo, ReglesMongo
from services.export.domain.acces import Acteur
from services.export.domain.regles_lecture import lire_fichier
from services.export.usecases.decider import Moyens
from services.export.usecases.lots import appliquer_lot, essayer_lot
from services.export.usecases.projeter import appliquer
from services.kernel.clock import FixedClock
from services.kernel.ids import SequentialIds
from tests.integration.export.conftest import cle
from tests.unit.export.fabrique import INSTANT, document_de_regle, evenement, offre

pytestmark = pytest.mark.integration

UN, DEUX, LYON = (f"{rang:026}" for rang in range(3))
INSTRUCTEUR = cle("instructeur")


@pytest_asyncio.fixture(autouse=True)
async def offres(base: BaseMongo, juges: JugesMongo, horloge: FixedClock) -> None:
    """Two offers of Nantes and one of Lyon, admitted on Affelnet."""
    regles = [document_de_regle(plateforme) for plateforme in Plateforme]
    await ReglesMongo(base).remplacer(lire_fichier(regles).regles, INSTANT)
    cap = offre(Plateforme.AFFELNET)
    lot = [
        evenement(UN, formation=cap | {"intitule_long": '=CAP ; "mécanique"'}),
        evenement(DEUX, formation=cap | {"uai_formation": None}),
        evenement(LYON, formation=cap | {"num_academie": "10"}),
    ]
    await appliquer(lot, base, juges, horloge)


async def version(api: httpx.AsyncClient, id: str) -> dict[str, str]:  # noqa: A002
    """Return the `If-Match` of one who has just read the offer; any version when he may not."""
    lue = await api.get(f"/v1/offres/{id}", headers=INSTRUCTEUR)
    return {"If-Match": lue.headers.get("etag", '"0"')}


async def publier(api: httpx.AsyncClient, id: str, **entetes: str) -> httpx.Response:  # noqa: A002
    return await api.post(
        f"/v1/offres/{id}/affelnet/publication",
        headers=INSTRUCTEUR | await version(api, id) | entetes,
    )


async def test_a_validated_offer_is_in_the_file_of_its_academie(api: httpx.AsyncClient) -> None:
    vide = await api.get("/v1/flux/affelnet/12.json", headers=INSTRUCTEUR)
    assert vide.json()["nombre"] == 0
    reponse = await publier(api, UN)
    assert reponse.json()["statut"] == "prêt pour intégration"
    fichier = await api.get("/v1/flux/affelnet/12.csv", headers=INSTRUCTEUR)
    lignes = list(csv.DictReader(io.StringIO(fichier.text, newline=""), delimiter=";"))
    assert [(une["id"], une["affelnet_statut"], une["intitule_long"]) for une in lignes] == [
        (UN, "prêt pour intégration", '\'=CAP ; "mécanique"')
    ]
    assert fichier.headers["etag"] != vide.headers["etag"]
    encore = await api.get(
        "/v1/flux/affelnet/12.csv",
        headers=INSTRUCTEUR | {"If-None-Match": fichier.headers["etag"]},
    )
    assert encore.status_code == 304


async def test_a_decision_is_kept_with_its_author_and_taken_once(
    api: httpx.AsyncClient, base: BaseMongo
) -> None:
    premiere = (await publier(api, UN)).json()
    seconde = (await publier(api, UN)).json()
    assert (premiere["changee"], seconde["changee"]) == (True, False)
    assert premiere["version"] == seconde["version"]
    vue = (await api.get(f"/v1/offres/{UN}", headers=INSTRUCTEUR)).json()
    decision = vue["affelnet"]["decision"]
    assert (decision["auteur"], decision["campagne"]) == ("nantes", "2020")
    assert await base.decisions.count_documents({}) == 1


async def test_a_refusal_needs_its_motif_and_precision(api: httpx.AsyncClient) -> None:
    adresse = f"/v1/offres/{UN}/affelnet/refus"
    for corps, code in (
        ({"motif": "rien"}, "motif_inconnu"),
        ({"motif": "ville_incorrecte"}, "precision_absente"),
        ({"motif": "non_parametree"}, "motif_d_une_autre_plateforme"),
    ):
        refus = await api.post(adresse, headers=INSTRUCTEUR | await version(api, UN), json=corps)
        assert (refus.status_code, refus.json()["code"]) == (409, code)
    corps = {"motif": "ville_incorrecte", "precision": "Apt"}
    pris = await api.post(adresse, headers=INSTRUCTEUR | await version(api, UN), json=corps)
    assert pris.json()["statut"] == "non publié"
    vue = (await api.get(f"/v1/offres/{UN}", headers=INSTRUCTEUR)).json()
    assert vue["affelnet"]["affiche"]["motif"].startswith("La ville")
    assert vue["historique"][0]["precision"] == "Apt"


async def test_publishing_needs_the_uai_of_the_place(api: httpx.AsyncClient) -> None:
    refus = await publier(api, DEUX)
    assert (refus.status_code, refus.json()["code"]) == (409, "uai_du_lieu_absent")
    assert refus.json()["que_faire"]


async def test_another_academie_is_out_of_reach(api: httpx.AsyncClient) -> None:
    for reponse in (
        await publier(api, LYON),
        await api.get(f"/v1/offres/{LYON}", headers=INSTRUCTEUR),
        await api.get("/v1/offres?academie=10", headers=INSTRUCTEUR),
        await api.get("/v1/flux/affelnet/10.json", headers=INSTRUCTEUR),
    ):
        assert (reponse.status_code, reponse.json()["code"]) == (403, "autre_academie")
    liste = (await api.get("/v1/offres", headers=INSTRUCTEUR)).json()
    assert {une["id"] for une in liste["offres"]} == {UN, DEUX}


async def test_two_instructors_on_one_offer(api: httpx.AsyncClient) -> None:
    lue = await version(api, UN)
    assert (await publier(api, UN, **lue)).status_code == 200
    refus = await api.post(
        f"/v1/offres/{UN}/affelnet/refus",
        headers=cle("seconde") | lue,
        json={"motif": "offre_annulee"},
    )
    assert (refus.status_code, refus.json()["code"]) == (412, "version_depassee")
    assert refus.json()["decision"]["auteur"] == "nantes"
    assert refus.json()["version"] == (await version(api, UN))["If-Match"].strip('"')
    # The first one, whose answer was lost, may ask again: nothing changes.
    encore = await publier(api, UN, **lue)
    assert (encore.status_code, encore.json()["changee"]) == (200, False)
    # The same wish of another is another decision: he has to have seen the first.
    autre = await api.post(f"/v1/offres/{UN}/affelnet/publication", headers=cle("seconde") | lue)
    assert autre.status_code == 412


async def test_a_write_says_which_version_it_saw(api: httpx.AsyncClient) -> None:
    adresse = f"/v1/offres/{UN}/affelnet/publication"
    for sans in ({}, {"If-Match": "*"}):
        refus = await api.post(adresse, headers={**INSTRUCTEUR, **sans})
        assert (refus.status_code, refus.json()["code"]) == (428, "version_requise")


async def test_each_decision_of_a_list_is_answered(api: httpx.AsyncClient) -> None:
    lues = {un: (await version(api, un))["If-Match"].strip('"') for un in (UN, DEUX)}
    demandes: list[dict[str, Any]] = [
        {"formation": un, "plateforme": "affelnet", "action": "publier", "version": lue}
        for un, lue in ((UN, lues[UN]), (DEUX, lues[DEUX]), (LYON, "1"), ("inconnue", "1"))
    ]
    demandes += [
        demandes[0] | {"action": "refuser", "motif": "offre_annulee"},
        {"formation": UN, "plateforme": "affelnet", "action": "publier"},
    ]
    reponses = (await api.post("/v1/decisions", headers=INSTRUCTEUR, json=demandes)).json()
    assert [un["probleme"]["code"] if un["probleme"] else "prise" for un in reponses] == [
        "prise", "uai_du_lieu_absent", "autre_academie", "formation_inconnue",
        "version_depassee", "version_requise",
    ]  # fmt: skip
    trop = await api.post("/v1/decisions", headers=INSTRUCTEUR, json=demandes[:1] * 501)
    assert trop.status_code == 422


async def test_one_bad_night_is_harmless(
    api: httpx.AsyncClient, base: BaseMongo, juges: JugesMongo, horloge: FixedClock
) -> None:
    await publier(api, UN)
    cap = offre(Plateforme.AFFELNET)
    for sequence, presente in ((2, False), (3, True)):
        nuit = evenement(UN, sequence, formation=cap | {"published": presente})
        await appliquer([nuit], base, juges, horloge)
        vue = (await api.get(f"/v1/offres/{UN}", headers=INSTRUCTEUR)).json()["affelnet"]
        assert vue["decision"]["statut"] == "prêt pour intégration"
    assert vue["affiche"]["statut"] == "prêt pour intégration"


async def test_only_instructors_decide(api: httpx.AsyncClient) -> None:
    adresse = f"/v1/offres/{UN}/affelnet/publication"
    for role, status in (("partenaire", 403), ("deposant", 403), ("inconnue", 401)):
        reponse = await api.post(adresse, headers=cle(role) | {"If-Match": '"1"'})
        assert reponse.status_code == status


async def test_a_selection_is_tried_then_decided_offer_by_offer(
    api: httpx.AsyncClient, base: BaseMongo
) -> None:
    demande = {
        "plateforme": "affelnet",
        "action": "refuser",
        "motif": "offre_annulee",
        "filtre": {"vue": "a_decider"},
    }

    async def lot(**plus: object) -> httpx.Response:
        return await api.post("/v1/decisions/lot", headers=INSTRUCTEUR, json=demande | plus)

    essai = (await lot()).json()
    assert (essai["total"], essai["comptes"], essai["applique"]) == (2, {"changees": 2}, False)
    assert {un["statut"] for un in essai["resultats"]} == {"non publié"}
    assert await base.decisions.count_documents({}) == 0
    await publier(api, UN)
    applique = (await lot(essai=False, jeton=essai["jeton"])).json()
    assert applique["comptes"] == {"changees": 1, "version_depassee": 1}
    premier = applique["resultats"][0]["probleme"]
    assert (premier["status"], premier["decision"]["auteur"]) == (412, "nantes")
    assert (await lot(essai=False, jeton=essai["jeton"])).json() == applique
    assert await base.decisions.count_documents({}) == 2
    refus = (
        (await lot(essai=False), 428),
        (await lot(essai=False, jeton=essai["jeton"], motif="offre_en_double"), 409),
        (await lot(essai=False, jeton="x"), 404),
        (await lot(filtre={"academie": ["10"]}), 403),
    )
    assert [un.status_code for un, _ in refus] == [attendu for _, attendu in refus]


async def test_a_bulk_decision_killed_halfway_goes_on_by_its_token(
    base: BaseMongo, juges: JugesMongo, horloge: FixedClock
) -> None:
    class Coupure(Exception):
        """The process dies."""

    class Numeros(SequentialIds):
        reste = 1

        def new(self) -> str:
            self.reste -= 1
            if self.reste < 0:
                raise Coupure
            return super().new()

    demande = {
        "plateforme": "affelnet", "action": "refuser", "motif": "offre_annulee",
        "precision": None, "commentaire": None,
    }  # fmt: skip
    acteur = Acteur("nantes", lambda _: True, "instructeur")
    offres = [un async for un in base.formations.find(sort=[("_id", 1)])]
    lots, coupe = LotsMongo(base), Moyens(base, juges, horloge, Numeros())
    entier = Moyens(base, juges, horloge, SequentialIds(100))
    essai = await essayer_lot(demande, offres, acteur, entier, lots)
    jeton = essai["jeton"]
    with pytest.raises(Coupure):
        await appliquer_lot(jeton, demande, acteur, coupe, lots, taille=1)
    assert await base.decisions.count_documents({}) == 1
    fait = await appliquer_lot(jeton, demande, acteur, entier, lots, taille=1)
    assert [un["changee"] for un in fait["resultats"]] == [True] * 3
    assert await base.decisions.count_documents({}) == 3


async def test_the_texts_of_affelnet_change_alone(api: httpx.AsyncClient, base: BaseMongo) -> None:
    adresse = f"/v1/offres/{UN}/affelnet"

    async def faire(methode: str, suite: str, **textes: str) -> httpx.Response:
        entetes = INSTRUCTEUR | await version(api, UN)
        return await api.request(methode, f"{adresse}/{suite}", headers=entetes, json=textes)

    trop_tot = await faire("PUT", "textes", infos_offre="x")
    assert (trop_tot.status_code, trop_tot.json()["code"]) == (409, "transition_impossible")
    ailleurs = await faire("POST", "publication", url_infos_offre="https://evil.example")
    assert (ailleurs.status_code, ailleurs.json()["code"]) == (409, "lien_non_admis")
    demande = await faire("POST", "publication", infos_offre="CAP en 2 ans")
    assert demande.json()["statut"] == "prêt pour intégration"
    ecrits = await faire("PUT", "textes", infos_offre="CAP en 1 an")
    assert (ecrits.status_code, ecrits.json()["changee"]) == (200, True)
    vue = (await api.get(f"/v1/offres/{UN}", headers=INSTRUCTEUR)).json()
    assert vue["affelnet"]["textes"]["infos_offre"] == "CAP en 1 an"
    assert await base.decisions.count_documents({}) == 1
    assert [un["nature"] for un in vue["historique"] if un["sorte"] == "acte"] == [
        "ecrire_textes"
    ] * 2
