"""From a row as read to a line ready to be judged: normalised, checked, within its key's scope."""

from contracts.constats import Gravite, gravite
from services.collect.domain.constat import constat
from services.collect.domain.controles import controler
from services.collect.domain.identite import aliases
from services.collect.domain.lignes import Ligne, serialiser
from services.collect.domain.normalisation import normaliser
from services.collect.domain.portee import couvre
from services.collect.domain.readers.row import Row


class Preparation:
    """Prepares the rows of one deposit; `inconnues` gathers the columns that mean no field."""

    _INCONNUES_MAX = 50

    def __init__(self, deposant: str, scopes: frozenset[str]) -> None:
        """Prepare for a depositor whose key has these scopes."""
        self.inconnues: dict[str, None] = {}
        self._deposant = deposant
        self._scopes = scopes

    def preparer(self, row: Row) -> Ligne:
        """Return the line; without an offer when it is refused by itself."""
        if row.value is None or row.fault is not None:
            code, detail = row.fault or ("ligne_illisible", "")
            return Ligne(row.rank, row.line, None, [constat(code, valeur=detail)])
        lue = normaliser(row.value)
        if lue.inconnues:
            self._noter(lue.inconnues)
        constats = controler(lue.offre, lue.constats)
        refusee = any(gravite(dit["code"]) is Gravite.REFUS for dit in constats)
        if not refusee and not couvre(self._scopes, lue.offre):
            siret = lue.offre["etablissement_gestionnaire_siret"]
            constats.append(constat("hors_portee", "etablissement_gestionnaire_siret", siret))
            refusee = True
        if refusee:
            return Ligne(row.rank, row.line, None, constats)
        contenu, empreinte = serialiser(lue.offre)
        noms = aliases(lue.offre, self._deposant, empreinte)
        return Ligne(row.rank, row.line, lue.offre, constats, contenu, empreinte, noms)

    def _noter(self, inconnues: list[str]) -> None:
        for nom in inconnues:
            if len(self.inconnues) < self._INCONNUES_MAX:
                self.inconnues.setdefault(nom)
