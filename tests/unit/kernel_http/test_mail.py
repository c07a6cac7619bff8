"""Mails: what no text of a user can do to one, and a real SMTP server that takes or refuses."""

import ssl
from asyncio import Transport
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
import pytest_asyncio
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from pydantic import ValidationError

from deploy.local.ports import free_port
from services.kernel.clock import FixedClock
from services.kernel.errors import Retry
from services.kernel.mail import (
    FolderMailer,
    MailSettings,
    OutcomeUnknown,
    SenderRefused,
    SmtpMailer,
    Undeliverable,
    compose,
    is_address,
    mailer,
)

NOW = FixedClock(datetime(2026, 1, 15, 8, tzinfo=UTC))
TO = "celine@academie.example"


def settings(**changes: object) -> MailSettings:
    return MailSettings.model_validate({"smtp_chiffrement": "aucun", "smtp_delai_s": 2, **changes})


def message(name: str = "Céline", subject: str = "Votre accès", to: str = TO) -> EmailMessage:
    return compose(settings(), NOW, to=to, name=name, subject=subject, text="Déjà là.\n")


class Server:
    """A real SMTP server that keeps what it takes and answers as it is told."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.answer = "250 OK"
        self.farewell = "221 Bye"
        self.lost = False

    async def handle_RCPT(  # noqa: N802 -- aiosmtpd's name
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        if self.answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.taken.append(envelope)
        if self.lost:
            assert isinstance(server.transport, Transport)
            server.transport.abort()
        return self.answer

    async def handle_QUIT(self, _server: SMTP, _session: Session, _envelope: Envelope) -> str:  # noqa: N802
        return self.farewell


@pytest_asyncio.fixture
async def server() -> AsyncIterator[tuple[Server, SmtpMailer]]:
    handler = Server()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    told = settings(smtp_hote="127.0.0.1", smtp_port=controller.port)
    yield handler, SmtpMailer(told, "127.0.0.1")
    controller.stop()


async def test_a_mail_reaches_the_server_with_its_accents(
    server: tuple[Server, SmtpMailer],
) -> None:
    handler, smtp = server
    await smtp.send(message())

    [envelope] = handler.taken
    assert isinstance(envelope.content, bytes)
    read = message_from_bytes(envelope.content, policy=default)
    assert (envelope.rcpt_tos, read["Subject"]) == ([TO], "Votre accès")
    assert read.get_content().strip() == "Déjà là."


@pytest.mark.parametrize(
    ("answer", "error"), [("451 plus tard", Retry), ("550 inconnu ici", Undeliverable)]
)
async def test_what_the_server_refuses_says_whether_to_come_again(
    server: tuple[Server, SmtpMailer], answer: str, error: type[Exception]
) -> None:
    handler, smtp = server
    handler.answer = answer

    with pytest.raises(error):
        await smtp.send(message())


async def test_a_connection_lost_after_the_message_leaves_its_outcome_unknown(
    server: tuple[Server, SmtpMailer],
) -> None:
    handler, smtp = server
    handler.lost = True

    with pytest.raises(OutcomeUnknown):
        await smtp.send(message())
    assert len(handler.taken) == 1


async def test_a_message_that_is_taken_is_sent_whatever_the_farewell(
    server: tuple[Server, SmtpMailer],
) -> None:
    handler, smtp = server
    handler.farewell = "421 saturé"

    await smtp.send(message())
    assert len(handler.taken) == 1


async def test_a_refused_password_is_no_refusal_of_the_recipient(
    server: tuple[Server, SmtpMailer],
) -> None:
    port = server[1]._settings.smtp_port
    told = settings(smtp_port=port, smtp_utilisateur="nous", smtp_mot_de_passe="faux")

    with pytest.raises(SenderRefused):
        await SmtpMailer(told, "127.0.0.1").send(message())


async def test_a_server_that_is_away_is_for_later() -> None:
    away = SmtpMailer(settings(smtp_port=free_port()), "127.0.0.1")

    with pytest.raises(Retry):
        await away.send(message())


async def test_nothing_is_sent_in_clear_when_encryption_is_asked_for(
    server: tuple[Server, SmtpMailer],
) -> None:
    handler, _ = server
    port = server[1]._settings.smtp_port
    strict = SmtpMailer(settings(smtp_port=port, smtp_chiffrement="starttls"), "127.0.0.1")

    with pytest.raises(Undeliverable):
        await strict.send(message())
    assert handler.taken == []


@pytest.fixture
def tls(tmp_path: Path) -> tuple[Path, ssl.SSLContext]:
    """A certificate of the server, which only who is told of it trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "certificat.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(certificate.public_bytes(Encoding.PEM) + private)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(path)
    return path, context


def _authenticate(
    _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: object
) -> AuthResult:
    right = isinstance(given, LoginPassword) and given.password == b"secret"
    return AuthResult(success=right, handled=right)


@pytest_asyncio.fixture
async def closed(
    tls: tuple[Path, ssl.SSLContext],
) -> AsyncIterator[tuple[Server, dict[str, object]]]:
    """A server that takes nothing before STARTTLS and a password; how to reach it."""
    handler, (path, context) = Server(), tls
    controller = Controller(
        handler,
        hostname="localhost",
        port=free_port(),
        tls_context=context,
        require_starttls=True,
        auth_required=True,
        authenticator=_authenticate,
    )
    controller.start()
    yield (
        handler,
        {
            "smtp_port": controller.port,
            "smtp_chiffrement": "starttls",
            "smtp_autorite": path,
            "smtp_utilisateur": "catalogue",
            "smtp_mot_de_passe": "secret",
        },
    )
    controller.stop()


async def test_a_mail_passes_over_tls_with_the_relay_s_password(
    closed: tuple[Server, dict[str, object]],
) -> None:
    handler, reached = closed
    await SmtpMailer(settings(**reached), "localhost").send(message())

    assert len(handler.taken) == 1


@pytest.mark.parametrize("change", [{"smtp_autorite": None}, {"smtp_mot_de_passe": "faux"}])
async def test_a_relay_that_is_not_trusted_or_does_not_trust_us_gets_nothing(
    closed: tuple[Server, dict[str, object]], change: dict[str, object]
) -> None:
    handler, reached = closed
    with pytest.raises(SenderRefused):
        await SmtpMailer(settings(**reached | change), "localhost").send(message())

    assert handler.taken == []


async def test_without_a_server_a_mail_is_a_file_of_its_owner_s(tmp_path: Path) -> None:
    folder = tmp_path / "courriels"
    kept = mailer(settings(courriels_dossier=folder))
    await kept.send(message())

    assert isinstance(kept, FolderMailer)
    [file] = folder.iterdir()
    assert file.stat().st_mode & 0o077 == 0
    assert message_from_bytes(file.read_bytes(), policy=default)["To"].addresses[0].addr_spec == TO


@pytest.mark.parametrize(
    "make",
    [
        lambda text: message(name=text),
        lambda text: message(subject=text),
    ],
)
@pytest.mark.parametrize(
    "text", ["a\r\nBcc: tous@x.example", "a\nBcc: tous@x.example", "a\rBcc: t"]
)
def test_no_text_becomes_a_header(make: Callable[[str], EmailMessage], text: str) -> None:
    made = message_from_bytes(make(text).as_bytes(), policy=default)

    assert made["Bcc"] is None
    assert [address.addr_spec for address in made["To"].addresses] == [TO]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "celine",
        "a@b",
        "a b@c.fr",
        "a@c.fr\nBcc: x@y.fr",
        "a@c.fr, x@y.fr",
        "Céline <a@c.fr>",
        "a..b@c.fr",
        "a@-c.fr",
        "é@c.fr",
    ],
)
def test_what_is_no_address_is_written_to_by_nobody(text: str) -> None:
    assert not is_address(text)
    with pytest.raises(ValueError, match="address"):
        message(to=text)


@pytest.mark.parametrize(
    "changes",
    [
        {"smtp_hote": None},
        {"smtp_hote": "m", "smtp_chiffrement": "aucun", "smtp_utilisateur": "u"},
        {"smtp_hote": "m", "courriel_expediteur": "nous\nBcc: x@y.fr"},
    ],
)
def test_production_refuses_unsafe_mail(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        settings(environnement="production", poivre="p" * 32, **changes)
