"""What becomes of each line of a batch, and of the offers that they name.

Lines are judged one after the other on a view of the alias table, so that the outcome is the same
wherever batches were cut: the last line of a deposit for an offer holds, and it is *identical* only
with what the offer was before this deposit. A line that a later one replaced when the file was last
delivered waits for that later one: the same file again changes nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from contracts.constats import statut_ligne
from contracts.evenements import Etat, StatutLigne
from services.collect.domain.attribution import base, premiere_libre, sans_cle
from services.collect.domain.constat import constat
from services.collect.domain.constats_d_identite import cle_remplacee, deja_pris, livree_deux_fois
from services.collect.domain.depublications import depublie
from services.collect.domain.identite import (
    CLE,
    aliases_des_actions,
    precedentes,
    resoudre,
    sans_annee_officielle,
)
from services.collect.domain.lignes import Ecrasement, Ligne, LigneJugee
from services.collect.domain.tenue import Tenue

_ECARTEES_MAX: Final = 20


@dataclass(frozen=True, slots=True)
class Contexte:
    """What a batch is judged in: whose deposit it is, when, and where new ids come from.

    `attribuee_suffit` when an offer is complete with the clé that the catalogue gave it; `dernier`
    when no line of the deposit follows: none waits any more. `depublication` when lines that
    unpublish an offer need not wait (`depublications`).
    """

    depot: str
    deposant: str
    instant: datetime
    nouvel_id: Callable[[], str]
    attribuee_suffit: bool = False
    dernier: bool = False
    depublication: bool = False


@dataclass(slots=True)
class Decision:
    """The outcome of a batch: its lines, the offers to write, what it changes in earlier batches.

    `identiques` gives the rank of each offer that this batch met and left as it was: later batches
    need it to know that an offer came twice. `suspendues` are the lines, by rank, that wait for a
    later one of their offer, or for the end of the deposit; `depublications` those that wait for
    the end because they unpublish their offer.
    """

    lignes: list[LigneJugee] = field(default_factory=list)
    nouvelles: list[Tenue] = field(default_factory=list)
    modifiees: list[Tenue] = field(default_factory=list)
    ecrasees: list[Ecrasement] = field(default_factory=list)
    identiques: dict[str, int] = field(default_factory=dict)
    suspendues: dict[int, Ligne] = field(default_factory=dict)
    depublications: dict[int, Ligne] = field(default_factory=dict)


class Juge:
    """Judges the lines of one batch; the view is changed by what it decides."""

    def __init__(
        self, contexte: Contexte, vue: dict[str, Tenue], identiques: Mapping[str, int]
    ) -> None:
        """Start from the alias table and from the lines found identical in earlier batches.

        The view must hold whoever bears the clés that this batch may attribute (`attribution`).
        """
        self._contexte = contexte
        self._vue = vue
        self._avant = identiques
        self._touchees: dict[str, LigneJugee] = {}
        self._ecrites: set[str] = set()
        self._decision = Decision()

    def juger(self, lignes: Sequence[Ligne]) -> Decision:
        """Return what becomes of the lines, in their order."""
        for ligne in lignes:
            # A batch may be judged again in a new transaction: what was read stays as it is.
            self._decision.lignes.append(self._une(ligne.copie()))
            for attente in (self._decision.suspendues, self._decision.depublications):
                if ligne.rang in attente:
                    attente[ligne.rang] = ligne
        return self._decision

    def _une(self, ligne: Ligne) -> LigneJugee:
        if ligne.offre is None or ligne.aliases is None:
            return _sans_offre(ligne, StatutLigne.REFUSEE)
        cle = ligne.offre.get("cle_ministere_educatif")
        tenue = resoudre(ligne.aliases, cle, self._vue)
        if tenue is None:
            return self._nouvelle(ligne)
        if tenue.deposant != self._contexte.deposant:
            ligne.constats.append(constat("offre_d_un_autre_deposant"))
            return _sans_offre(ligne, StatutLigne.REFUSEE)
        if cle is not None and tenue.cle not in (None, cle) and CLE + cle in tenue.aliases:
            ligne.constats.append(cle_remplacee(cle, tenue.cle))
            return _sans_offre(ligne, StatutLigne.IGNOREE)
        return self._connue(ligne, tenue)

    def _nouvelle(self, ligne: Ligne) -> LigneJugee:
        tenue = Tenue(
            self._contexte.nouvel_id(), self._contexte.deposant, cree_le=self._contexte.instant
        )
        self._dire_les_precedentes(ligne)
        self._attribuer(ligne)
        self._attacher(ligne, tenue)
        self._decision.nouvelles.append(tenue)
        self._ecrites.add(tenue.id)
        return self._ecrire(ligne, tenue)

    def _connue(self, ligne: Ligne, tenue: Tenue) -> LigneJugee:
        self._reprendre_la_cle(ligne, tenue)
        touchee = tenue.depot == self._contexte.depot
        if not touchee and self._doit_attendre(ligne, tenue):
            return self._suspendre(ligne, tenue, self._decision.depublications)
        attaches = self._attacher(ligne, tenue)
        if touchee or attaches or tenue.etat != Etat.ACTIVE:
            return self._ecrire(ligne, tenue)
        if tenue.empreinte == ligne.empreinte:
            return self._laisser(ligne, tenue, StatutLigne.IDENTIQUE)
        if ligne.lue in tenue.ecartees and not self._contexte.dernier:
            return self._suspendre(ligne, tenue, self._decision.suspendues)
        return self._ecrire(ligne, tenue)

    def _doit_attendre(self, ligne: Ligne, tenue: Tenue) -> bool:
        contexte = self._contexte
        return not (contexte.dernier or contexte.depublication) and depublie(ligne, tenue)

    def _suspendre(self, ligne: Ligne, tenue: Tenue, attente: dict[int, Ligne]) -> LigneJugee:
        """Leave the offer as it is until the end of the deposit; told as if it were written."""
        jugee = self._laisser(ligne, tenue, statut_ligne(c["code"] for c in ligne.constats))
        jugee.sequence += 1
        attente[ligne.rang] = ligne
        return jugee

    def _laisser(self, ligne: Ligne, tenue: Tenue, statut: StatutLigne) -> LigneJugee:
        """Leave the offer as it is, and remember that this deposit has met it."""
        jugee = _jugee(ligne, statut, tenue)
        self._ecraser(tenue, jugee)
        self._decision.identiques[tenue.id] = ligne.rang
        return jugee

    def _ecrire(self, ligne: Ligne, tenue: Tenue) -> LigneJugee:
        """Give the offer the state that the line describes; several lines make one write."""
        contexte = self._contexte
        if tenue.id not in self._ecrites:
            self._ecrites.add(tenue.id)
            self._decision.modifiees.append(tenue)
            tenue.sequence += 1
        elif tenue.sequence == 0:
            tenue.sequence = 1
        tenue.ecartees = self._ecartees(ligne, tenue)
        jugee = _jugee(ligne, statut_ligne(c["code"] for c in ligne.constats), tenue)
        self._ecraser(tenue, jugee)
        tenue.etat = Etat.ACTIVE
        tenue.motif = None
        tenue.empreinte = ligne.empreinte
        tenue.lue = "" if ligne.lue == ligne.empreinte else ligne.lue
        tenue.contenu = ligne.contenu
        tenue.depubliee = (ligne.offre or {}).get("published") is False
        tenue.constats = ligne.constats
        tenue.depot, tenue.ligne = contexte.depot, ligne.rang
        tenue.recue_le = contexte.instant
        return jugee

    def _ecraser(self, tenue: Tenue, par: LigneJugee) -> None:
        """Let a line hold the offer instead of the deposit's earlier line for it, if any."""
        avant = self._touchees.get(tenue.id)
        self._touchees[tenue.id] = par
        if avant is not None:
            self._decision.suspendues.pop(avant.rang, None)
            self._decision.depublications.pop(avant.rang, None)
            avant.statut = StatutLigne.IGNOREE
            avant.constats.append(livree_deux_fois(avant.rang, par.rang))
        elif tenue.depot == self._contexte.depot:
            self._decision.ecrasees.append(Ecrasement(tenue.ligne, par.rang))
        elif (rang := self._avant.get(tenue.id)) is not None:
            self._decision.ecrasees.append(Ecrasement(rang, par.rang))

    def _ecartees(self, ligne: Ligne, tenue: Tenue) -> list[str]:
        """Return the digests of the lines of this deposit that the line replaces."""
        deja = (
            tenue.depot == self._contexte.depot
            or tenue.id in self._touchees
            or tenue.id in self._avant
        )
        if not deja or not tenue.empreinte:
            return []
        digests = dict.fromkeys((*tenue.ecartees, tenue.lue_ou_empreinte))
        return [digest for digest in digests if digest != ligne.lue][-_ECARTEES_MAX:]

    def _attacher(self, ligne: Ligne, tenue: Tenue) -> bool:
        """Give the offer the aliases that no other holds; return whether one was new to it."""
        nouveaux = False
        for nom in ligne.aliases or ():
            porteur = self._vue.setdefault(nom, tenue)
            if porteur is not tenue:
                ligne.constats.append(deja_pris(nom, ligne, porteur))
            elif nom not in tenue.aliases:
                tenue.aliases.append(nom)
                nouveaux = True
            if nom.startswith(CLE):
                tenue.cle = nom[len(CLE) :]
                tenue.cle_attribuee = (ligne.offre or {}).get("cle_attribuee", False)
        return nouveaux

    def _reprendre_la_cle(self, ligne: Ligne, tenue: Tenue) -> None:
        """Complete a line that gives no clé of its own: it never takes the clé from its offer."""
        donnee = (ligne.offre or {}).get("cle_ministere_educatif")
        if tenue.cle is None:
            self._attribuer(ligne)
        elif tenue.cle_attribuee and donnee in (None, tenue.cle):
            self._marquer(ligne, tenue.cle)
        elif donnee is None:
            ligne.completer(cle_ministere_educatif=tenue.cle)
            ligne.constats = [c for c in ligne.constats if c["code"] != "cle_absente"]

    def _dire_les_precedentes(self, ligne: Ligne) -> None:
        """Name the offers whose actions a new line bundles: they are probably over."""
        par_alias = aliases_des_actions(ligne.offre or {})
        existantes: dict[str, list[str]] = {}
        for nom, action in par_alias.items():
            tenue = self._vue.get(nom)
            if tenue is not None and self._peut_preceder(tenue):
                existantes.setdefault(tenue.cle or tenue.id, []).append(action)
        if trouvees := precedentes(par_alias.values(), existantes):
            dites = ", ".join(trouvees)
            ligne.constats.append(constat("actions_regroupees", "id_action", dites))

    def _peut_preceder(self, tenue: Tenue) -> bool:
        return (
            tenue.deposant == self._contexte.deposant
            and tenue.etat == Etat.ACTIVE
            and sans_annee_officielle(tenue)
        )

    def _attribuer(self, ligne: Ligne) -> None:
        """Give a clé to a line that has none, when its parts make one."""
        if not sans_cle(ligne):
            return
        parties = base(ligne.offre or {})
        cle = parties and premiere_libre(parties, self._vue)
        if cle is not None:
            self._marquer(ligne, cle)
            ligne.aliases = [*(ligne.aliases or ()), CLE + cle]

    def _marquer(self, ligne: Ligne, cle: str) -> None:
        """Write an attributed clé on a line; alone, it keeps the offer out of the feeds."""
        ligne.completer(cle_ministere_educatif=cle, cle_attribuee=True)
        if self._contexte.attribuee_suffit:
            ligne.constats = [c for c in ligne.constats if c["code"] != "cle_absente"]
        elif not sans_cle(ligne):
            ligne.constats.append(constat("cle_absente", "cle_ministere_educatif"))
        ligne.constats.append(constat("cle_attribuee", "cle_ministere_educatif", cle))


def _jugee(ligne: Ligne, statut: StatutLigne, tenue: Tenue) -> LigneJugee:
    return LigneJugee(ligne.rang, ligne.physique, statut, tenue.id, tenue.sequence, ligne.constats)


def _sans_offre(ligne: Ligne, statut: StatutLigne) -> LigneJugee:
    return LigneJugee(ligne.rang, ligne.physique, statut, None, 0, ligne.constats)
