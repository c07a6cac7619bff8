"""`python -m services.search api|indexer|creer|reconstruire`."""

from services.kernel.process import run_processes
from services.search.entrypoints.api import main as api
from services.search.entrypoints.indexer import main as indexer
from services.search.entrypoints.reindex import creer, reconstruire_l_index

if __name__ == "__main__":
    mains = {
        "api": api,
        "indexer": indexer,
        "creer": creer,
        "reconstruire": reconstruire_l_index,
    }
    run_processes("search", mains)
