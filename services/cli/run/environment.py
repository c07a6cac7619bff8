"""The settings that `catalogue run` gives to every process that it starts."""

import secrets
from pathlib import Path

from deploy.local import Addresses
from services.cli.run.fleet import FLEET
from services.cli.run.settings import RunSettings

_SERVICES = {
    "CATALOGUE_ADRESSE_COLLECT": "collect-api",
    "CATALOGUE_ADRESSE_ENRICH": "enrich-api",
    "CATALOGUE_ADRESSE_SEARCH": "search-api",
    "CATALOGUE_ADRESSE_EXPORT": "export-api",
    "CATALOGUE_ADRESSE_ACCES": "acces-api",
    "CATALOGUE_PARCOURSUP_ADRESSE": "simulateur",
}
_PARCOURSUP_A_DAY = 2_000  # the demonstration sends all its requests on its one day


def environment(settings: RunSettings, addresses: Addresses) -> dict[str, str]:
    """Return the CATALOGUE_* variables of all processes; their ports are given one by one."""
    ports = {spec.name: spec.port + settings.decalage_ports for spec in FLEET}
    keys = settings.dossier / "parcoursup"
    return {
        **addresses.as_environment(),
        **{name: f"http://127.0.0.1:{ports[process]}" for name, process in _SERVICES.items()},
        "CATALOGUE_ESPACE": settings.espace,
        "CATALOGUE_JOUR_METIER": settings.jour_metier.isoformat(),
        "CATALOGUE_POIVRE": _pepper(settings.dossier / "poivre"),
        "CATALOGUE_COURRIELS_DOSSIER": str(settings.dossier / "courriels"),
        "CATALOGUE_PARCOURSUP_CLE_PRIVEE": str(keys / "privee.pem"),
        "CATALOGUE_SIMULATEUR_CLE_PUBLIQUE": str(keys / "publique.pem"),
        "CATALOGUE_SIMULATEUR_FICHIER": str(settings.dossier / "simulateur.json"),
        "CATALOGUE_PARCOURSUP_LIMITE": str(_PARCOURSUP_A_DAY),
    }


def _pepper(path: Path) -> str:
    """Return the pepper of this working folder, drawn at its first use."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text()
