"""What the tests of acces are made with."""

from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any, Final

import httpx

ADRESSE: Final = "http://acces.test"
MOT_DE_PASSE: Final = "Bonjour!1"


class Boite:
    """Keeps the mails."""

    def __init__(self) -> None:
        """Start empty."""
        self.recus: list[EmailMessage] = []

    async def send(self, message: EmailMessage) -> None:
        """Take a mail."""
        self.recus.append(message)

    def jeton(self) -> str:
        """Return the token of the link in the last mail."""
        texte: str = self.recus[-1].get_content()
        return texte.partition("#jeton=")[2].split()[0]


@dataclass
class Personnes:
    """Opens accounts as an administrator does."""

    admin: httpx.AsyncClient
    boite: Boite

    async def ouvrir(self, identifiant: str, **changes: object) -> dict[str, Any]:
        """Open an account and return it."""
        corps = {
            "identifiant": identifiant,
            "nom": identifiant.title(),
            "courriel": f"{identifiant}@academie.example",
            "role": "instructeur-affelnet",
            "portees": ["academie:10"],
            **changes,
        }
        reponse = await self.admin.post("/v1/comptes", json=corps)
        reponse.raise_for_status()
        ouvert: dict[str, Any] = reponse.json()["compte"]
        return ouvert

    async def installer(self, identifiant: str, **changes: object) -> dict[str, Any]:
        """Open an account whose holder has chosen the password, by the link of the mail."""
        compte = await self.ouvrir(identifiant, **changes)
        choix = {"jeton": self.boite.jeton(), "nouveau": MOT_DE_PASSE}
        (await self.admin.put("/v1/mot-de-passe", json=choix)).raise_for_status()
        return compte

    async def modifier(self, compte: dict[str, Any], **changes: object) -> httpx.Response:
        """Change an account as it was last seen."""
        profil = ("nom", "courriel", "role", "portees", "fonction", "tag_1", "tag_2", "actif")
        return await self.admin.put(
            f"/v1/comptes/{compte['id']}",
            json={**{nom: compte[nom] for nom in profil}, **changes},
            headers={"If-Match": f'"{compte["version"]}"'},
        )


async def connecter(
    http: httpx.AsyncClient, identifiant: str, mot_de_passe: str = MOT_DE_PASSE
) -> httpx.Response:
    """Sign in."""
    corps = {"identifiant": identifiant, "mot_de_passe": mot_de_passe}
    return await http.post("/v1/session", json=corps)
