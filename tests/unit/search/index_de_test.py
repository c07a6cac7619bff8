"""An index in memory behind the port of the real one, with scripted faults."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.search.ports import Echec, Ecriture, Issue, Lu

CIBLE = "essai-v000001"


class IndexDeTest:
    """Keeps documents with a version each; `fautes` are answered once each, by document."""

    def __init__(self) -> None:
        """Start empty."""
        self.documents: dict[str, Any] = {}
        self.versions: dict[str, int] = {}
        self.fautes: dict[str, list[Issue]] = {}
        self.avant_d_ecrire: list[tuple[str, dict[str, Any]]] = []
        self.ecritures = 0

    async def cibles(self) -> Sequence[str]:
        """Return the one index."""
        return [CIBLE]

    async def lire(self, cible: str, ids: Sequence[str]) -> Mapping[str, Lu]:
        """Return what exists; refuses to be asked about nothing, as Elasticsearch does."""
        del cible
        assert ids
        connus = [id_ for id_ in ids if id_ in self.documents]
        return {id_: Lu(self.documents[id_], self.versions[id_], 1) for id_ in connus}

    async def ecrire(self, cible: str, ecritures: Sequence[Ecriture]) -> Mapping[str, Echec]:
        """Write over the version that was read, or answer a scripted fault."""
        del cible
        while self.avant_d_ecrire:
            self._poser(*self.avant_d_ecrire.pop())
        echecs = {}
        for ecriture in ecritures:
            issue = self._issue(ecriture)
            if issue is None:
                self._poser(ecriture.id, ecriture.document)
                self.ecritures += 1
            else:
                echecs[ecriture.id] = Echec(issue, "selon le test")
        return echecs

    def _issue(self, ecriture: Ecriture) -> Issue | None:
        if self.fautes.get(ecriture.id):
            return self.fautes[ecriture.id].pop(0)
        attendue = ecriture.lu.seq_no if ecriture.lu else None
        return None if attendue == self.versions.get(ecriture.id) else Issue.CONFLIT

    def _poser(self, id_: str, document: dict[str, Any]) -> None:
        self.documents[id_] = document
        self.versions[id_] = self.versions.get(id_, 0) + 1
