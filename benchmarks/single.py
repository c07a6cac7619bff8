"""One offer on an idle installation: from its deposit until a search finds it."""

import time
from dataclasses import dataclass
from typing import Any, Final

from benchmarks.figure import Latency
from benchmarks.installation import Measured
from contracts.portees import Role
from services.cli.preparation import lire_offres

REPEATS: Final = 30
_POLL_S: Final = 0.02
_PATIENCE_S: Final = 30.0


@dataclass(frozen=True, slots=True)
class Single:
    """From the request until the answer, and until a search finds the offer."""

    accepted: Latency
    searchable: Latency


def measure(installation: Measured) -> Single:
    """Deposit offers one by one, each once the former was found.

    Raises:
        TimeoutError: an accepted offer was not found.
    """
    offers = lire_offres(installation.offers)
    model = next(offer for offer in offers if offer["published"])
    accepted, searchable = [], []
    with (
        installation.client("collect-api", Role.DEPOSANT) as collect,
        installation.client("search-api", Role.LECTEUR) as search,
    ):
        for rank in range(REPEATS):
            word = f"mesure{time.time_ns()}"
            started = time.perf_counter()
            answer = collect.post("/v1/offres", json=_offer(model, rank, word))
            answer.raise_for_status()
            accepted.append(time.perf_counter() - started)
            while search.get("/v1/formations", params={"q": word}).json()["total"] == 0:
                if time.perf_counter() - started > _PATIENCE_S:
                    raise TimeoutError(f"{word} n'est pas trouvé : {answer.text}")
                time.sleep(_POLL_S)
            searchable.append(time.perf_counter() - started)
    return Single(Latency.of(accepted), Latency.of(searchable))


def _offer(model: dict[str, Any], rank: int, word: str) -> dict[str, Any]:
    """Return a new offer: the model under ids and a title of its own, without key."""
    return {
        **model,
        "cle_ministere_educatif": None,
        "id_action": f"{word}-{rank}",
        "intitule_formation": word,
    }
