"""The mails of the notices: French, bounded; no text of an offer does anything in them."""

from datetime import date
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser

import pytest

from services.export.adapters.courriels import CourrielsSmtp
from services.export.domain.abonnements import Frequence, Objet, Usage, jeton_valable
from services.export.domain.avis import Element
from services.export.domain.avis_courrier import (
    OFFRES_MAX,
    Contenu,
    Courrier,
    Liens,
    rediger_avis,
    rediger_confirmation,
)
from services.export.settings import ExportSettings
from services.kernel.clock import FixedClock
from services.kernel.mail import MailSettings
from tests.unit.export.fabrique import INSTANT, JOUR

LIENS = Liens("https://api/v1/avis/academies/10", "https://fiches/{id}", "https://api/quitter")
ABONNEMENT = {
    "_id": "B" * 26,
    "espece": "academie",
    "code": "10",
    "adresse": "celine@academie.example",
    "demandes": 1,
    "courrier": {"jour": JOUR.isoformat()},
}


def element(rang: int, **parties: object) -> Element:
    return {
        "rubrique": "rejetees",
        "plateforme": "parcoursup",
        "statut": "rejet de publication",
        "id": f"F{rang}",
        "intitule": f"BTS {rang}",
        "raison": "rejet:etablissement-ferme",
        "cause": "Parcoursup tient l'établissement pour fermé.",
        "action": "Vérifier l'état de l'UAI.",
        "depuis": "2020-11-01",
        **parties,
    }


def courrier(*nouvelles: Element, precedent: date | None = None) -> Courrier:
    contenu = Contenu("l'académie de Lyon", JOUR, precedent, nouvelles, nouvelles, 7)
    return rediger_avis(contenu, LIENS)


class _Lu(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.balises: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        self.balises.append(tag)


def test_a_notice_says_how_many_then_the_first_offers_then_where_the_rest_is() -> None:
    ecrit = courrier(*map(element, range(12)), precedent=date(2020, 11, 15))

    assert ecrit.sujet == "Catalogue de l'apprentissage : 12\u00a0nouveautés, l'académie de Lyon"
    assert "16 novembre 2020" in ecrit.texte
    assert "depuis l'avis du 15 novembre 2020" in ecrit.texte
    assert "Rejetées par la plateforme : 12, dont 12\u00a0nouvelles" in ecrit.texte
    assert "les 10 premières offres sur 12" in ecrit.texte
    for corps in (ecrit.texte, ecrit.html):
        assert corps.count("https://fiches/F") == OFFRES_MAX
        assert "https://api/v1/avis/academies/10.csv" in corps
        assert "https://api/quitter" in corps
        assert "Vérifier l&#x27;état" in corps or "Vérifier l'état" in corps


def test_a_single_news_is_singular() -> None:
    assert "1\u00a0nouveauté," in courrier(element(1)).sujet


def test_how_long_offers_have_waited_is_told_with_those_to_decide() -> None:
    ecrit = courrier(element(1, rubrique="a_decider", statut="à publier", raison=None))

    assert "À décider depuis 7\u00a0jours ou plus : 1, dont 1\u00a0nouvelle" in ecrit.texte


def test_the_text_of_an_offer_is_no_markup_and_no_line_of_its_own() -> None:
    mauvais = '</a><script src="x"></script>\r\n\r\nCliquez https://mal.example'
    ecrit = courrier(element(1, intitule=mauvais, organisme=mauvais))

    assert set(_Lu(ecrit.html).balises) <= {"html", "body", "p", "h2", "ul", "li", "a", "br"}
    assert not any(ligne.startswith("Cliquez") for ligne in ecrit.texte.splitlines())


@pytest.mark.parametrize(
    ("frequence", "dite"), [("quotidienne", "quotidien"), ("hebdomadaire", "hebdomadaire")]
)
def test_a_confirmation_says_what_was_asked_for_and_that_silence_refuses_it(
    frequence: str, dite: str
) -> None:
    ecrit = rediger_confirmation("l'académie de Lyon", Frequence(frequence), "https://oui", 48)

    assert f"l'avis {dite} du catalogue" in ecrit.texte
    assert "48\u00a0heures" in ecrit.texte
    assert "ne faites rien" in ecrit.texte
    assert 'href="https://oui"' in ecrit.html


class _Boite:
    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []

    async def send(self, message: EmailMessage) -> None:
        self.messages.append(message)


def courriels(boite: _Boite) -> CourrielsSmtp:
    return CourrielsSmtp(boite, MailSettings(), ExportSettings(), FixedClock(INSTANT))


async def test_a_notice_can_be_left_in_one_click() -> None:
    boite = _Boite()
    await courriels(boite).poster(ABONNEMENT, courrier(element(1)), Objet.AVIS)
    recu = message_from_bytes(boite.messages[0].as_bytes(), policy=default)

    assert recu["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    lien = str(recu["List-Unsubscribe"]).strip("<>")
    assert lien.startswith(f"http://127.0.0.1:8004/abonnements/{ABONNEMENT['_id']}/desabonnement")
    poivre = ExportSettings().poivre.get_secret_value()
    donne = lien.partition("jeton=")[2]
    assert jeton_valable(poivre, Usage.DESABONNER, ABONNEMENT, donne)
    assert not jeton_valable(poivre, Usage.CONFIRMER, ABONNEMENT, donne)
    assert [part.get_content_type() for part in recu.iter_parts()] == ["text/plain", "text/html"]


async def test_a_second_copy_bears_the_name_of_the_first() -> None:
    boite = _Boite()
    for _ in range(2):
        await courriels(boite).poster(ABONNEMENT, courrier(element(1)), Objet.AVIS)
    premier, second = boite.messages

    assert premier["Message-ID"] == second["Message-ID"]


async def test_no_text_becomes_a_header() -> None:
    boite = _Boite()
    injecte = Courrier("Avis\r\nBcc: tous@x.example", "t\r\n.\r\nMAIL FROM", "<p>t</p>")
    await courriels(boite).poster(ABONNEMENT, injecte, Objet.AVIS)
    recu = message_from_bytes(boite.messages[0].as_bytes(), policy=default)

    assert recu["Bcc"] is None
    assert str(recu["To"]) == ABONNEMENT["adresse"]
