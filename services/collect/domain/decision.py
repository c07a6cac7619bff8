"""What becomes of each line of a batch, and of the offers that they name.

Lines are judged one after the other on a view of the alias table, so that the outcome is the same
wherever batches were cut: the last line of a deposit for an offer holds, and it is *identical* only
with what the offer was before this deposit.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from contracts.constats import statut_ligne
from contracts.evenements import Etat, StatutLigne
from services.collect.domain.constat import constat
from services.collect.domain.identite import CLE, CONTENU, RCO, resoudre
from services.collect.domain.lignes import Ecrasement, Ligne, LigneJugee, serialiser
from services.collect.domain.tenue import Tenue


@dataclass(frozen=True, slots=True)
class Contexte:
    """What a batch is judged in: whose deposit it is, when, and where new ids come from."""

    depot: str
    deposant: str
    instant: datetime
    nouvel_id: Callable[[], str]


@dataclass(slots=True)
class Decision:
    """The outcome of a batch: its lines, the offers to write, what it changes in earlier batches.

    `identiques` gives the rank of each offer that this batch found identical: later batches need it
    to know that an offer came twice.
    """

    lignes: list[LigneJugee] = field(default_factory=list)
    nouvelles: list[Tenue] = field(default_factory=list)
    modifiees: list[Tenue] = field(default_factory=list)
    ecrasees: list[Ecrasement] = field(default_factory=list)
    identiques: dict[str, int] = field(default_factory=dict)


class Juge:
    """Judges the lines of one batch; the view is changed by what it decides."""

    def __init__(
        self, contexte: Contexte, vue: dict[str, Tenue], identiques: Mapping[str, int]
    ) -> None:
        """Start from the alias table and from the lines found identical in earlier batches."""
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
            copie = Ligne(
                ligne.rang,
                ligne.physique,
                ligne.offre,
                [*ligne.constats],
                ligne.contenu,
                ligne.empreinte,
                ligne.aliases,
            )
            self._decision.lignes.append(self._une(copie))
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
            ligne.constats.append(
                constat("cle_remplacee", "cle_ministere_educatif", cle, tenue.cle)
            )
            return _sans_offre(ligne, StatutLigne.IGNOREE)
        return self._connue(ligne, tenue)

    def _nouvelle(self, ligne: Ligne) -> LigneJugee:
        tenue = Tenue(
            self._contexte.nouvel_id(), self._contexte.deposant, cree_le=self._contexte.instant
        )
        self._attacher(ligne, tenue)
        self._decision.nouvelles.append(tenue)
        self._ecrites.add(tenue.id)
        return self._ecrire(ligne, tenue)

    def _connue(self, ligne: Ligne, tenue: Tenue) -> LigneJugee:
        if tenue.cle is not None and "cle_ministere_educatif" not in (ligne.offre or {}):
            self._reprendre_la_cle(ligne, tenue.cle)
        attaches = self._attacher(ligne, tenue)
        touchee = tenue.depot == self._contexte.depot
        if (
            not touchee
            and not attaches
            and tenue.etat == Etat.ACTIVE
            and tenue.empreinte == ligne.empreinte
        ):
            jugee = _jugee(ligne, StatutLigne.IDENTIQUE, tenue)
            self._ecraser(tenue, jugee)
            self._decision.identiques[tenue.id] = ligne.rang
            return jugee
        return self._ecrire(ligne, tenue)

    def _ecrire(self, ligne: Ligne, tenue: Tenue) -> LigneJugee:
        """Give the offer the state that the line describes; several lines make one write."""
        contexte = self._contexte
        if tenue.id not in self._ecrites:
            self._ecrites.add(tenue.id)
            self._decision.modifiees.append(tenue)
            tenue.sequence += 1
        elif tenue.sequence == 0:
            tenue.sequence = 1
        jugee = _jugee(ligne, statut_ligne(c["code"] for c in ligne.constats), tenue)
        self._ecraser(tenue, jugee)
        tenue.etat = Etat.ACTIVE
        tenue.motif = None
        tenue.empreinte = ligne.empreinte
        tenue.contenu = ligne.contenu
        tenue.constats = ligne.constats
        tenue.depot, tenue.ligne = contexte.depot, ligne.rang
        tenue.recue_le = contexte.instant
        return jugee

    def _ecraser(self, tenue: Tenue, par: LigneJugee) -> None:
        """Let a line hold the offer instead of the deposit's earlier line for it, if any."""
        avant = self._touchees.get(tenue.id)
        self._touchees[tenue.id] = par
        if avant is not None:
            avant.statut = StatutLigne.IGNOREE
            avant.constats.append(livree_deux_fois(avant.rang, par.rang))
        elif tenue.depot == self._contexte.depot:
            self._decision.ecrasees.append(Ecrasement(tenue.ligne, par.rang))
        elif (rang := self._avant.get(tenue.id)) is not None:
            self._decision.ecrasees.append(Ecrasement(rang, par.rang))

    def _attacher(self, ligne: Ligne, tenue: Tenue) -> bool:
        """Give the offer the aliases that no other holds; return whether one was new to it."""
        nouveaux = False
        for nom in ligne.aliases or ():
            porteur = self._vue.setdefault(nom, tenue)
            if porteur is not tenue:
                ligne.constats.append(_deja_pris(nom))
            elif nom not in tenue.aliases:
                tenue.aliases.append(nom)
                nouveaux = True
            if nom.startswith(CLE):
                tenue.cle = nom[len(CLE) :]
        return nouveaux

    def _reprendre_la_cle(self, ligne: Ligne, cle: str) -> None:
        """Complete a line that is known by another alias: it never takes the clé from its offer."""
        offre = {**(ligne.offre or {}), "cle_ministere_educatif": cle}
        ligne.offre = offre
        ligne.contenu, ligne.empreinte = serialiser(offre)
        ligne.constats = [c for c in ligne.constats if c["code"] != "cle_absente"]


def livree_deux_fois(rang: int, par: int) -> dict[str, str]:
    """Return the finding of a line that a later one of the same deposit replaces."""
    return constat("livree_deux_fois", valeur=f"{rang} et {par}")


def _deja_pris(nom: str) -> dict[str, str]:
    if nom.startswith(RCO):
        return constat("ids_rco_partages", "id_action", nom[len(RCO) :])
    champ = None if nom.startswith(CONTENU) else "reference"
    return constat("alias_deja_pris", champ, nom.split(":", 2)[-1])


def _jugee(ligne: Ligne, statut: StatutLigne, tenue: Tenue) -> LigneJugee:
    return LigneJugee(ligne.rang, ligne.physique, statut, tenue.id, tenue.sequence, ligne.constats)


def _sans_offre(ligne: Ligne, statut: StatutLigne) -> LigneJugee:
    return LigneJugee(ligne.rang, ligne.physique, statut, None, 0, ligne.constats)
