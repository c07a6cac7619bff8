"""The demonstration's season: offers are deposited, an instructor decides, the feeds are filled."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

import httpx

from contracts.depot import EtatDepot, VueDepot
from contracts.portees import Role
from contracts.statuts import Plateforme, Statut
from services.cli import reconcilier
from services.cli.collecte import Collecte, Refused
from services.cli.deposer import follow
from services.cli.ecarts import Magasin
from services.cli.interne import Services
from services.cli.run.deposit import fingerprint, offers_file
from services.cli.run.installation import Installation
from services.cli.run.settings import RunSettings
from services.kernel.batches import slices

_PAGE: Final = 500
_A_DECIDER: Final = {
    Plateforme.PARCOURSUP: (
        Statut.A_PUBLIER,
        Statut.A_PUBLIER_POSTBAC,
        Statut.A_PUBLIER_RECTEUR,
        Statut.A_PUBLIER_HABILITATION,
    ),
    Plateforme.AFFELNET: (Statut.A_PUBLIER, Statut.A_PUBLIER_VALIDATION),
}


@dataclass
class Done:
    """What the run did and found."""

    depot: VueDepot
    new_deposit: bool
    seconds: float
    decided: dict[Plateforme, int] = field(default_factory=dict)
    statuses: dict[str, Any] = field(default_factory=dict)
    counts: dict[Magasin, int] = field(default_factory=dict)
    missing: int = 0


def play(installation: Installation) -> Done:
    """Deposit unless it was done before, decide, wait for the feeds, compare the stores.

    Raises:
        Refused: a service refused, or nothing advanced any more.
    """
    settings = installation.settings
    with installation.client("collect-api", Role.DEPOSANT) as collect:
        started = time.monotonic()
        depot, new = _deposit(settings, Collecte(collect))
        done = Done(depot, new, time.monotonic() - started)
    with installation.client("export-api", Role.ADMINISTRATEUR) as export:
        if new:
            done.decided = {p: _decide(export, p, settings.decisions_demo) for p in Plateforme}
        done.statuses = _wait_sent(export, settings.attente_max_s)
    services = Services(installation.kernel, installation.keys[Role.ADMINISTRATEUR])
    try:
        done.counts, done.missing = _compare(services, settings.attente_max_s)
    finally:
        services.close()
    return done


def _deposit(settings: RunSettings, collecte: Collecte) -> tuple[VueDepot, bool]:
    """Deposit the file and follow it; or find the deposit that an earlier run made of it."""
    memory = settings.dossier / "depot.json"
    source = fingerprint(settings.source)
    if memory.exists() and (known := json.loads(memory.read_text()))["source"] == source:
        return follow(collecte, collecte.depot(known["depot"]), settings.attente_max_s), False
    file = offers_file(settings)
    earlier = {depot.id for depot in collecte.depots()}
    with ThreadPoolExecutor(max_workers=1) as beside:
        sending = beside.submit(collecte.deposer, file, lambda _: None)
        depot = follow(collecte, _begun(collecte, earlier, sending), settings.attente_max_s)
        sending.result()
    if depot.etat is EtatDepot.ECHOUE or not depot.termine:
        raise Refused(f"le dépôt {depot.id} n'est pas allé au bout.")
    memory.write_text(json.dumps({"source": source, "depot": depot.id}))
    return depot, True


def _begun(collecte: Collecte, earlier: set[str], sending: "Future[VueDepot]") -> VueDepot:
    """Return the deposit being sent as soon as the service knows it."""
    while not sending.done():
        for depot in collecte.depots():
            if depot.id not in earlier:
                return depot
        time.sleep(0.05)
    return sending.result()


def _decide(export: httpx.Client, platform: Plateforme, wanted: int) -> int:
    """Play an instructor: ask for the publication of the first offers that may be."""
    chosen = [
        {
            "formation": offer["id"],
            "plateforme": platform,
            "action": "publier",
            "version": offer["version"],
        }
        for offer in islice(_decidable(export, platform), wanted)
    ]
    taken = 0
    for page in slices(chosen, _PAGE):
        answers = _checked(export.post("/v1/decisions", json=page))
        taken += sum(answer["prise"] is not None for answer in answers)
    return taken


def _decidable(export: httpx.Client, platform: Plateforme) -> Iterator[dict[str, Any]]:
    for status in _A_DECIDER[platform]:
        after = ""
        while True:
            page = _checked(
                export.get(
                    "/v1/offres",
                    params={
                        "plateforme": platform,
                        "statut": status,
                        "apres": after,
                        "limite": _PAGE,
                    },
                )
            )
            yield from (offer for offer in page["offres"] if offer["uai_formation"])
            if page["suivant"] is None:
                break
            after = page["suivant"]


def _wait_sent(export: httpx.Client, patience: float) -> dict[str, Any]:
    """Return the counts per Parcoursup status once the queue is empty or stopped."""
    until = time.monotonic() + patience
    quiet = False
    while True:
        state: dict[str, Any] = _checked(export.get("/v1/flux/parcoursup"))
        if state["arret"]:
            raise Refused(f"l'envoi à Parcoursup s'est arrêté : {state['arret']}")
        if quiet or time.monotonic() > until:
            return state
        # An offer in an exchange is no longer in the queue, and not yet counted as answered. The
        # counts of this answer are older than its exchanges: they are asked for once more.
        in_exchange = any(exchange["ouvert"] for exchange in state["echanges"])
        quiet = not state["file"] and not in_exchange
        time.sleep(0.3)


def _compare(services: Services, patience: float) -> tuple[dict[Magasin, int], int]:
    """Compare until the last publications have reached the index, or patience ends."""
    until = time.monotonic() + min(patience, 60.0)
    while True:
        comparison, found = reconcilier.compare(services)
        if not found or time.monotonic() > until:
            return comparison.nombres, len(found)
        time.sleep(0.5)


def _checked(answer: httpx.Response) -> Any:  # noqa: ANN401 - a JSON body
    if not answer.is_success:
        raise Refused(f"{answer.request.url} : {answer.status_code} {answer.text[:300]}")
    return answer.json()
