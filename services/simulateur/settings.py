"""Settings of the simulator."""

from pathlib import Path

from pydantic import Field

from services.kernel.settings import KernelSettings


class SimulateurSettings(KernelSettings):
    """Where the simulator listens, which key it trusts, where it keeps what it created."""

    port: int = Field(default=8009, ge=0, le=65_535)
    simulateur_cle_publique: Path = Path(".local/parcoursup/publique.pem")
    simulateur_certificat: str = "catalogue-apprentissage"
    simulateur_fichier: Path | None = None
