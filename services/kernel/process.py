"""What every process does around its work: set up, run until told to stop, leave cleanly."""

import asyncio
import gc
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import uvicorn

from services.kernel.logs import logger, setup_logs
from services.kernel.settings import KernelSettings
from services.kernel.tracing import setup_tracing
from services.kernel.transient import is_transient

Main = Callable[[], Awaitable[None]]


def run_processes(service: str, mains: Mapping[str, Main]) -> None:
    """Run the process named by the command line: `python -m services.<service> <process>`.

    Exits with 0 once it stopped as asked (SIGTERM, SIGINT), with 2 when the name is unknown.
    """
    name = sys.argv[1] if len(sys.argv) == 2 else ""
    if name not in mains:
        sys.stderr.write(f"usage : python -m services.{service} {'|'.join(mains)}\n")
        sys.exit(2)
    settings = KernelSettings()
    setup_logs(settings, service, name)
    setup_tracing(settings, service)
    logger.info("demarrage")
    asyncio.run(_run(mains[name]))
    logger.info("arret")


async def pause(event: asyncio.Event, seconds: float) -> None:
    """Wait until `event` is set, `seconds` at most."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return


@contextmanager
def waited_out(event: str) -> Iterator[None]:
    """Log, as `event`, a fault that passes by itself, for a loop that will come again.

    Raises what does not pass: see `transient.is_transient`.
    """
    try:
        yield
    except Exception as error:
        if not is_transient(error):
            raise
        logger.warning(event, erreur=repr(error))


def freeze_gc() -> None:
    """Take what is loaded out of the collector's way (measured: a fifth of a process's CPU).

    To be called when the process is set up and before it works; again when a large part of what
    it holds was replaced, since cycles frozen before and dead by now would stay for ever.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def stop_event() -> asyncio.Event:
    """Return an event that SIGTERM or SIGINT sets; a second one ends the process at once."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def ask(number: signal.Signals) -> None:
        logger.info("arret_demande", signal=number.name)
        stop.set()
        loop.remove_signal_handler(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ask, number)
    return stop


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals alone: `stop_event` has them."""
        yield


async def serve_app(
    app: Any,  # noqa: ANN401 - any ASGI application
    settings: KernelSettings,
    stop: asyncio.Event,
) -> None:
    """Serve `app` on the settings' host and port until `stop`, then finish the requests in flight.

    Raises:
        OSError: the port is taken.
        RuntimeError: the lifespan of `app` failed, as the log tells.
    """
    # Bound here: uvicorn answers a taken port by ending the process.
    family = socket.AF_INET6 if ":" in settings.hote else socket.AF_INET
    listening = socket.create_server((settings.hote, settings.port), family=family, backlog=2048)
    # asyncio does it only for sockets that name their protocol; without, answers wait 40 ms.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        forwarded_allow_ips=settings.mandataires,
        timeout_graceful_shutdown=settings.arret_max_s,
    )
    server = _Server(config)
    serving = asyncio.ensure_future(server.serve([listening]))
    stopping = asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopping.cancel()
        server.should_exit = True
        await serving
        listening.close()
    if not server.started:
        raise RuntimeError("l'application n'a pas démarré : voir le journal")


async def _run(main: Main) -> None:
    freeze_gc()
    await main()
