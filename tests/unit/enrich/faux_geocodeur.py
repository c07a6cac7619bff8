"""An address service on a real socket that answers what its script says, in order."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True, slots=True)
class Ligne:
    """One answer of the script; `muet` never answers."""

    statut: int = 200
    corps: bytes = b'{"features": []}'
    entetes: Mapping[str, str] = field(default_factory=dict)
    muet: bool = False


def trouvee(
    insee: str, position: tuple[float, float], score: float = 0.9, label: str = "12 Rue de la Gare"
) -> Ligne:
    """Return an answer of the address base: a GeoJSON collection of one place."""
    proprietes: dict[str, Any] = {
        "citycode": insee,
        "score": score,
        "label": label,
        "type": "street",
    }
    geometrie = {"type": "Point", "coordinates": [position[1], position[0]]}
    corps = {"features": [{"geometry": geometrie, "properties": proprietes}], "version": "draft"}
    return Ligne(corps=json.dumps(corps).encode())


@dataclass
class FauxGeocodeur:
    """What was asked, and where to ask."""

    script: Sequence[Ligne]
    questions: list[dict[str, str]] = field(default_factory=list)
    adresse: str = ""

    async def servir(self, lecture: asyncio.StreamReader, ecriture: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection."""
        while ligne := await lecture.readline():
            while await lecture.readline() not in {b"\r\n", b""}:
                pass
            cible = urlsplit(ligne.split()[1].decode())
            self.questions.append({"chemin": cible.path, **dict(parse_qsl(cible.query))})
            reponse = self.script[min(len(self.questions), len(self.script)) - 1]
            if reponse.muet:
                await lecture.read()
                break
            entetes = {**reponse.entetes, "Content-Length": str(len(reponse.corps))}
            tete = "".join(f"{nom}: {valeur}\r\n" for nom, valeur in entetes.items())
            ecriture.write(f"HTTP/1.1 {reponse.statut} X\r\n{tete}\r\n".encode() + reponse.corps)
            await ecriture.drain()
        ecriture.close()


@asynccontextmanager
async def faux_geocodeur(*script: Ligne) -> AsyncIterator[FauxGeocodeur]:
    """Serve the script on the loopback; its last line answers everything after it."""
    service = FauxGeocodeur(script)
    serveur = await asyncio.start_server(service.servir, "127.0.0.1", 0)
    hote, port = serveur.sockets[0].getsockname()[:2]
    service.adresse = f"http://{hote}:{port}/geocodage"
    try:
        yield service
    finally:
        serveur.close()
