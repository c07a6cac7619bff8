"""`python -m services.collect api|consumer|relay`."""

from services.collect.entrypoints import api, consumer, relay
from services.collect.settings import SERVICE
from services.kernel.process import run_processes

if __name__ == "__main__":
    run_processes(SERVICE, {"api": api.main, "consumer": consumer.main, "relay": relay.main})
