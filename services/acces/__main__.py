"""`python -m services.acces api`."""

from services.acces.entrypoints import api
from services.acces.settings import SERVICE
from services.kernel.process import run_processes

if __name__ == "__main__":
    run_processes(SERVICE, {"api": api.main})
