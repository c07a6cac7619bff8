"""Mails of acces, handed to the kernel's mailer."""

from services.acces.domain.courriels import Courriel
from services.kernel.clock import Clock
from services.kernel.mail import Mailer, MailSettings, compose, is_address


class CourrierDuNoyau:
    """Writes to people as the settings say."""

    def __init__(self, settings: MailSettings, mailer: Mailer, horloge: Clock) -> None:
        """Send nothing yet."""
        self._settings = settings
        self._mailer = mailer
        self._horloge = horloge

    async def envoyer(self, nom: str, adresse: str, courriel: Courriel) -> None:
        """Hand a mail over; raises `Retry`, `Undeliverable`."""
        message = compose(
            self._settings,
            self._horloge,
            to=adresse,
            name=nom,
            subject=courriel.sujet,
            text=courriel.texte,
        )
        await self._mailer.send(message)

    def joignable(self, adresse: str) -> bool:
        """Tell whether a text is an address."""
        return is_address(adresse)
