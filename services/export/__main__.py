"""`python -m services.export api|consumer|relay|parcoursup`."""

from services.export.entrypoints import api, consumer, parcoursup, relay
from services.export.settings import SERVICE
from services.kernel.process import run_processes

if __name__ == "__main__":
    run_processes(
        SERVICE,
        {
            "api": api.main,
            "consumer": consumer.main,
            "relay": relay.main,
            "parcoursup": parcoursup.main,
        },
    )
