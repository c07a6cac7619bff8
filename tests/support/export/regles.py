"""Rules in memory, and the judges that they make."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from contracts.statuts import Plateforme
from services.export.domain.campagne import Campagne, contexte
from services.export.domain.projections import Juge
from services.export.domain.regles import JeuDeRegles, RegleRefusee, lire_regle
from services.export.domain.vie_regles import Acte
from services.export.ports import Decider, Document
from services.kernel.clock import JourMetier
from tests.support.export.etat import stocke
from tests.support.export.magasin import Magasin, Transaction


class ReglesEnMemoire:
    """Implements `ports.Regles`."""

    def __init__(self, magasin: Magasin) -> None:
        """Use the rules of `magasin`."""
        self._magasin = magasin

    async def toutes(self) -> list[Document]:
        regles = sorted(self._magasin.etat.regles.items())
        return [stocke(regle) for _, regle in regles if not regle["supprimee"]]

    async def une(self, identifiant: str) -> Document | None:
        tenue = self._magasin.etat.regles.get(identifiant)
        return stocke(tenue) if tenue else None

    async def agir(self, decider: Decider) -> Sequence[Acte]:
        async def travail(transaction: Transaction) -> Sequence[Acte]:
            etat = transaction.etat
            actes = decider({un: stocke(regle) for un, regle in etat.regles.items()})
            for acte in actes:
                assert acte.entree["_id"] not in etat.regles_historique
                etat.regles[acte.regle["_id"]] = stocke(acte.regle)
                etat.regles_historique[acte.entree["_id"]] = stocke(acte.entree)
            etat.revision += bool(actes)
            return actes

        return await self._magasin.transaction(travail)


class JugesEnMemoire:
    """Implements `ports.Juges`; remembers, by mark, each judge that there was."""

    def __init__(self, magasin: Magasin, jour: JourMetier, debut: date) -> None:
        """Judge by the stored rules, in the campaigns that began, `debut` for the first one."""
        self._magasin = magasin
        self._jour = jour
        self._debut = debut
        self.connus: dict[str, Juge] = {}

    async def courant(self) -> Juge:
        etat, jour = self._magasin.etat, self._jour()
        contextes = {
            plateforme: contexte(
                plateforme,
                Campagne(
                    date.fromisoformat(etat.debuts.get(plateforme.value, self._debut.isoformat()))
                ),
                jour,
            )
            for plateforme in Plateforme
        }
        marque = Juge.de(JeuDeRegles([], etat.revision), contextes).marque
        if marque not in self.connus:
            self.connus[marque] = Juge.de(self._jeu(), contextes)
        return self.connus[marque]

    def _jeu(self) -> JeuDeRegles:
        regles = []
        for tenue in self._magasin.etat.regles.values():
            if tenue["supprimee"]:
                continue
            try:
                regles.append(
                    lire_regle(tenue["contenu"], id=tenue["_id"], version=tenue["version"])
                )
            except RegleRefusee:  # stored by a version that compiled more
                continue
        return JeuDeRegles(regles, self._magasin.etat.revision)


class UnJuge:
    """Implements `ports.Juges` with one judge."""

    def __init__(self, juge: Juge) -> None:
        """Judge by `juge`, always."""
        self.juge = juge

    async def courant(self) -> Juge:
        return self.juge


class JugesDesCampagnes:
    """Implements `ports.Juges`: the same rules, under the campaigns that the database has."""

    def __init__(self, magasin: Magasin, juge: Juge) -> None:
        """Judge by the rules of `juge`."""
        self._magasin = magasin
        self._juge = juge

    async def courant(self) -> Juge:
        debuts = {
            Plateforme(nom): Campagne(date.fromisoformat(debut))
            for nom, debut in self._magasin.etat.debuts.items()
        }
        contextes = {
            plateforme: replace(contexte, campagne=debuts.get(plateforme, contexte.campagne))
            for plateforme, contexte in self._juge.contextes.items()
        }
        return Juge.de(self._juge.jeu, contextes)
