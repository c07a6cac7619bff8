"""The mails of the notices as messages, and the links that they bear (RFC 8058)."""

from urllib.parse import quote

from services.export.domain.abonnements import Objet, Usage, jeton
from services.export.domain.avis_courrier import Courrier, Liens
from services.export.ports import Document
from services.export.settings import ExportSettings
from services.kernel.clock import Clock
from services.kernel.mail import Mailer, MailSettings, compose


class CourrielsSmtp:
    """Implements `usecases.distribuer.Courriels`."""

    def __init__(
        self, mailer: Mailer, courrier: MailSettings, settings: ExportSettings, horloge: Clock
    ) -> None:
        """Send through `mailer`; links lead to the public addresses of `settings`."""
        self._mailer = mailer
        self._courrier = courrier
        self._settings = settings
        self._horloge = horloge

    def liens(self, abonnement: Document) -> Liens:
        """Return where a notice leads."""
        api = _racine(self._settings.avis_adresse)
        famille = "academies" if abonnement["espece"] == "academie" else "etablissements"
        return Liens(
            liste=f"{api}/v1/avis/{famille}/{quote(abonnement['code'])}",
            fiche=f"{_racine(self._settings.avis_adresse_fiches)}/formations/{{id}}",
            desabonner=self._lien(abonnement, "desabonnement", Usage.DESABONNER),
        )

    def confirmation(self, abonnement: Document) -> str:
        """Return the link that confirms a subscription."""
        return self._lien(abonnement, "confirmation", Usage.CONFIRMER)

    async def poster(self, abonnement: Document, courrier: Courrier, objet: Objet) -> None:
        """Hand a mail over, under a name that a second copy of it would bear too."""
        message = compose(
            self._courrier,
            self._horloge,
            to=abonnement["adresse"],
            name="",
            subject=courrier.sujet,
            text=courrier.texte,
        )
        message.add_alternative(courrier.html, subtype="html")
        tenu = abonnement["courrier"]
        domaine = self._courrier.courriel_expediteur.rpartition("@")[2]
        rang = abonnement["demandes"] if objet is Objet.CONFIRMATION else tenu["jour"]
        message.replace_header(
            "Message-ID", f"<{objet.value}.{abonnement['_id']}.{rang}@{domaine}>"
        )
        if objet is Objet.AVIS:
            message["List-Unsubscribe"] = f"<{self.liens(abonnement).desabonner}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        await self._mailer.send(message)

    def _lien(self, abonnement: Document, action: str, usage: Usage) -> str:
        poivre = self._settings.poivre.get_secret_value()
        adresse = f"{_racine(self._settings.avis_adresse)}/abonnements/{abonnement['_id']}/{action}"
        return f"{adresse}?jeton={jeton(poivre, usage, abonnement)}"


def _racine(adresse: object) -> str:
    return str(adresse).rstrip("/")
