"""Mails that leave when the caller has had the answer, which cannot depend on them."""

from collections.abc import Awaitable, Callable

from services.kernel.errors import Retry
from services.kernel.logs import logger
from services.kernel.mail import Undeliverable


async def sans_attendre(envoyer: Callable[[], Awaitable[None]]) -> None:
    """Send; a failure is for the log, the person can ask again."""
    try:
        await envoyer()
    except (Retry, Undeliverable) as echec:
        logger.warning("courriel.echec", erreur=str(echec))
