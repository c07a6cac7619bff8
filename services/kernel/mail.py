"""Mail leaves by SMTP; in development without a server, it lies in a folder to be read.

A message is plain text of one recipient. Its headers are made by `compose` alone, from values that
cannot hold a line break, so that no text of a user becomes a header.
"""

import asyncio
import re
import smtplib
import ssl
from contextlib import suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from pathlib import Path
from typing import Final, Literal, Protocol, Self

from pydantic import Field, PositiveFloat, SecretStr, field_validator, model_validator
from pydantic_settings import SettingsConfigDict

from services.kernel.clock import Clock
from services.kernel.errors import Retry
from services.kernel.settings import KernelSettings

_ADDRESS: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,189}")
_LABEL: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_SENDER: Final = "Catalogue des formations en apprentissage"
_TRANSIENT: Final = range(400, 500)


class MailSettings(KernelSettings):
    """How a process that writes to people does it.

    Without `smtp_hote`, which production requires, mails are files of `courriels_dossier`.
    """

    model_config = SettingsConfigDict(env_prefix="CATALOGUE_", frozen=True, extra="ignore")

    smtp_hote: str | None = None
    smtp_port: int = Field(default=587, ge=1, le=65_535)
    smtp_chiffrement: Literal["starttls", "tls", "aucun"] = "starttls"
    smtp_utilisateur: str | None = None
    smtp_mot_de_passe: SecretStr | None = None
    smtp_autorite: Path | None = None  # certificate of a private authority
    smtp_delai_s: PositiveFloat = 20.0
    courriel_expediteur: str = "ne-pas-repondre@catalogue.invalid"
    courriels_dossier: Path = Path(".local/courriels")

    @field_validator("smtp_hote", "smtp_utilisateur", "smtp_mot_de_passe", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return value or None

    @model_validator(mode="after")
    def _refuse_unsafe_mail(self) -> Self:
        if not is_address(self.courriel_expediteur):
            raise ValueError("CATALOGUE_COURRIEL_EXPEDITEUR n'est pas une adresse de courriel.")
        if self.environnement != "production":
            return self
        if self.smtp_hote is None:
            raise ValueError("CATALOGUE_SMTP_HOTE doit être fixé en production.")
        if self.smtp_chiffrement == "aucun" and self.smtp_utilisateur is not None:
            raise ValueError(
                "CATALOGUE_SMTP_CHIFFREMENT=aucun enverrait le mot de passe du relais en clair."
            )
        return self


class Undeliverable(Exception):
    """The mail server refuses this message for good: its recipient, its content or its sender."""


class SenderRefused(Undeliverable):
    """It refuses us, whoever the recipient: credentials, sender, encryption."""


class OutcomeUnknown(Retry):
    """The connection was lost once the message was handed over: it may have been taken."""


class Mailer(Protocol):
    """Takes messages of `compose` to their recipients."""

    async def send(self, message: EmailMessage) -> None:
        """Return once the server, or the folder, has the message.

        Raises:
            Retry: the server is away or asks to come again; as `OutcomeUnknown`, maybe it did.
            Undeliverable: it refuses.
        """
        ...


def is_address(text: str) -> bool:
    """Tell whether a text is one mail address of the ordinary form, without a name or a comment."""
    local, _, domain = text.rpartition("@")
    return (
        _ADDRESS.fullmatch(text) is not None
        and ".." not in local
        and not local.startswith(".")
        and not local.endswith(".")
        and "." in domain
        and all(_LABEL.fullmatch(part) for part in domain.split("."))
    )


def compose(
    settings: MailSettings, clock: Clock, *, to: str, name: str, subject: str, text: str
) -> EmailMessage:
    """Return a message; line breaks in `name` and `subject` become blanks.

    Raises:
        ValueError: `to` is no address (`is_address`).
    """
    if not is_address(to):
        raise ValueError("not a mail address")
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(_SENDER, addr_spec=settings.courriel_expediteur)
    message["To"] = Address(_one_line(name), addr_spec=to)
    message["Subject"] = _one_line(subject)
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = make_msgid(domain=settings.courriel_expediteur.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    return message


def mailer(settings: MailSettings) -> Mailer:
    """Return the mailer that the settings ask for."""
    if settings.smtp_hote is None:
        return FolderMailer(settings.courriels_dossier)
    return SmtpMailer(settings, settings.smtp_hote)


class SmtpMailer:
    """One connection a message: few are sent. It waits in a thread, not on the event loop."""

    def __init__(self, settings: MailSettings, host: str) -> None:
        """Connect to nothing yet."""
        self._settings = settings
        self._host = host

    async def send(self, message: EmailMessage) -> None:
        """Hand the message over; see `Mailer.send`."""
        try:
            await asyncio.to_thread(self._send, message)
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            raise _refusal(code, said, Undeliverable) from error
        except smtplib.SMTPDataError as error:
            raise _refusal(error.smtp_code, error.smtp_error, Undeliverable) from error
        except smtplib.SMTPResponseException as error:
            raise _refusal(error.smtp_code, error.smtp_error, SenderRefused) from error
        except ssl.SSLCertVerificationError as error:
            raise SenderRefused(f"certificat du serveur de courriel refusé : {error}") from error
        except smtplib.SMTPNotSupportedError as error:
            raise SenderRefused(f"le serveur de courriel ne sait pas faire : {error}") from error
        except OSError as error:  # SMTPException is one
            raise Retry(f"serveur de courriel absent : {error}") from error

    def _send(self, message: EmailMessage) -> None:
        server = self._connect()
        try:
            if self._settings.smtp_utilisateur is not None:
                password = self._settings.smtp_mot_de_passe or SecretStr("")
                server.login(self._settings.smtp_utilisateur, password.get_secret_value())
            server.send_message(message)
            with suppress(OSError):  # the message is taken, whatever becomes of the farewell
                server.quit()
        except OSError as error:
            if server.handed_over and not isinstance(error, smtplib.SMTPResponseException):
                raise OutcomeUnknown(f"courriel remis sans réponse : {error}") from error
            raise
        finally:
            server.close()

    def _connect(self) -> "_Connection":
        told = self._settings
        if told.smtp_chiffrement == "tls":
            return _TlsConnection(
                self._host, told.smtp_port, timeout=told.smtp_delai_s, context=self._tls()
            )
        server = _Connection(self._host, told.smtp_port, timeout=told.smtp_delai_s)
        if told.smtp_chiffrement == "starttls":
            try:
                server.starttls(context=self._tls())
            except BaseException:
                server.close()
                raise
        return server

    def _tls(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self._settings.smtp_autorite)


class _Connection(smtplib.SMTP):
    """Remembers whether a message was handed over."""

    handed_over = False

    def data(self, msg: bytes | str) -> tuple[int, bytes]:  # type: ignore[override]
        self.handed_over = True
        return super().data(msg)


class _TlsConnection(_Connection, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte."""


class FolderMailer:
    """Writes each message in a file of its own, readable by the owner only."""

    def __init__(self, folder: Path) -> None:
        """Write in `folder`, made at the first message."""
        self._folder = folder

    async def send(self, message: EmailMessage) -> None:
        """Write the file."""
        await asyncio.to_thread(self._write, message)

    def _write(self, message: EmailMessage) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self._folder / _file_name(message)
        path.touch(mode=0o600)
        path.write_bytes(message.as_bytes())


def _file_name(message: EmailMessage) -> str:
    return re.sub(r"[^A-Za-z0-9.]", "-", str(message["Message-ID"]).strip("<>")) + ".eml"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _refusal(code: int, said: bytes | str, for_good: type[Undeliverable]) -> Exception:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    reason = f"le serveur de courriel répond {code} : {text}"
    return Retry(reason) if code in _TRANSIENT else for_good(reason)
