"""Parcoursup as a season has it answer, and what may come between its answer and its use."""

from collections.abc import Awaitable, Callable
from typing import Final

import orjson

from contracts.statuts import Statut
from services.export.domain.parcoursup import Issue, Reponse
from services.export.domain.projections import Juge
from services.export.ports import Document, Juges
from tests.support.export.magasin import Magasin

INCONNUS: Final = ("400 Quota atteint pour 0840001X", "400 texte inconnu")
"""What Parcoursup answers and no built-in pattern knows."""
SORTS: Final = {
    "perdue": Reponse(Issue.INCONNUE),
    "jamais arrivee": Reponse(Issue.INCONNUE),
    "refusee": Reponse(Issue.REFUSEE, Statut.REJET, erreur="400 Impossible de créer : "
                       "Établissement inconnu"),
    "echec": Reponse(Issue.REFUSEE, Statut.ECHEC, erreur=INCONNUS[1]),
    "quota": Reponse(Issue.REFUSEE, Statut.ECHEC, erreur=INCONNUS[0]),
    "panne": Reponse(Issue.A_REPRENDRE, erreur="503"),
}  # fmt: skip

Suite = Callable[[], Awaitable[None]]


class Distante:
    """Tells what the test says, remembers what it created even when none hears it."""

    def __init__(self, magasin: Magasin) -> None:
        self._magasin = magasin
        self.prochaines: list[str] = []
        self.lignes: list[Document] = []
        self.creees: dict[str, str] = {}
        self.entre_temps: Suite | None = None

    async def envoyer(self, corps: bytes) -> Reponse:
        """Answer one offer; two exchanges of one are never open at once."""
        demande = orjson.loads(corps)
        envois = self._magasin.etat.envois.values()
        ouverts = [un["cle"] for un in envois if un["ouvert"]]
        assert ouverts.count(demande["rco"]) == 1
        sort = self.prochaines.pop(0) if self.prochaines else "acceptee"
        if sort in ("acceptee", "perdue"):
            identifiant = str(demande["g_ta_cod"] or 100 + len(self.creees))
            self.creees[demande["rco"]] = identifiant
            if sort == "acceptee":
                return Reponse(Issue.ACCEPTEE, Statut.PUBLIE, identifiant=identifiant)
        return SORTS[sort]

    async def relire(self) -> object:
        """Return the rows that the test says, as they were before what comes between."""
        lignes, suite = self.lignes, self.entre_temps
        self.entre_temps = None
        if suite is not None:
            await suite()
        return lignes


class JugesInterrompus:
    """Implements `ports.Juges`; something may happen before the next judge is given."""

    def __init__(self, juges: Juges) -> None:
        self._juges = juges
        self.entre_temps: Suite | None = None

    async def courant(self) -> Juge:
        suite, self.entre_temps = self.entre_temps, None
        if suite is not None:
            await suite()
        return await self._juges.courant()
