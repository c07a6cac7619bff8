"""A real SMTP server that keeps what it takes, and refuses, hangs or breaks off as it is told."""

from asyncio import Event, Transport
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from deploy.local.ports import free_port


class Boite:
    """What arrived, in order; `refus` answers recipients, by address, as long as it lasts."""

    def __init__(self) -> None:
        self.courriels: list[EmailMessage] = []
        self.refus: dict[str, list[str]] = {}
        self.perdre = False
        self.suspendre = False

    async def handle_RCPT(  # noqa: N802 -- aiosmtpd's name
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        if self.refus.get(address):
            return self.refus[address].pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        self.courriels.append(message)
        if self.suspendre:
            await Event().wait()  # until the client goes
        if self.perdre:
            assert isinstance(server.transport, Transport)
            server.transport.abort()
        return "250 OK"

    def a(self, adresse: str) -> list[EmailMessage]:
        """Return what arrived for an address."""
        return [un for un in self.courriels if un["To"].addresses[0].addr_spec == adresse]


@contextmanager
def serveur_smtp() -> Iterator[tuple[Boite, dict[str, str]]]:
    """Give a running server and the variables that lead to it."""
    boite = Boite()
    controller = Controller(boite, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield (
            boite,
            {
                "CATALOGUE_SMTP_HOTE": "127.0.0.1",
                "CATALOGUE_SMTP_PORT": str(controller.port),
                "CATALOGUE_SMTP_CHIFFREMENT": "aucun",
                "CATALOGUE_SMTP_DELAI_S": "5",
            },
        )
    finally:
        controller.stop()
