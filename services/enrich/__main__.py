"""`python -m services.enrich consumer|relay|api|geocodage`, `references …`, `recalculer …`."""

import sys

from services.enrich.entrypoints import api, consumer, geocodage, recalculer, references, relay
from services.enrich.settings import SERVICE
from services.kernel.process import run_processes

if __name__ == "__main__":
    if sys.argv[1:2] == ["references"]:
        sys.exit(references.main(sys.argv[2:]))
    if sys.argv[1:2] == ["recalculer"]:
        sys.exit(recalculer.main(sys.argv[2:]))
    run_processes(
        SERVICE,
        {
            "consumer": consumer.main,
            "relay": relay.main,
            "api": api.main,
            "geocodage": geocodage.main,
        },
    )
