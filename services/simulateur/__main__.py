"""`python -m services.simulateur`: the simulated Parcoursup, until told to stop."""

import asyncio

from services.kernel.clock import SystemClock
from services.kernel.logs import setup_logs
from services.kernel.process import serve_app, stop_event
from services.simulateur.app import creer
from services.simulateur.settings import SimulateurSettings


async def main() -> None:
    """Serve until told to stop."""
    settings = SimulateurSettings()
    await serve_app(creer(settings, SystemClock()), settings, stop_event())


if __name__ == "__main__":
    setup_logs(SimulateurSettings(), "simulateur", "api")
    asyncio.run(main())
