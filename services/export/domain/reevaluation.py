"""What must be judged again when rules, a campaign or the day have moved, and no more than that.

An offer's judgement rests on the contexts and on the rules of its own level and diploma. A sweep
towards a new mark therefore visits the diplomas whose rules moved, or all when a context did. It
writes only what differs, so an offer judged alike keeps the mark of its last writing; what was
written meanwhile under another mark is found by when the server wrote it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from services.export.domain.projections import Juge
from services.kernel.digest import digest

Diplome = tuple[str, str]
"""A level and a diploma: what every rule names."""


@dataclass(frozen=True, slots=True)
class Assise:
    """What the judgements of one mark rest on: a digest of the contexts, one a diploma."""

    marque: str
    contextes: str
    regles: Mapping[Diplome, str]

    @classmethod
    def de(cls, juge: Juge) -> "Assise":
        """Return what this judge rests on; a rule is known by its id and version."""
        par_diplome: dict[Diplome, list[list[str | int]]] = {}
        for regle in juge.jeu.regles:
            cle = (regle.niveau, regle.diplome)
            par_diplome.setdefault(cle, []).append([regle.id, regle.version])
        return cls(
            juge.marque,
            digest({str(nom): contexte.marque for nom, contexte in juge.contextes.items()}),
            {cle: digest({"regles": versions}) for cle, versions in par_diplome.items()},
        )


@dataclass(frozen=True, slots=True)
class Balayage:
    """A sweep: towards `vise`, from `acquise`, what the last whole one reached (None: nothing).

    `touches` are the diplomas to visit (None: all), in the order of ids, up to `curseur` so far;
    `complet` when all were. Times of the server: `depuis` when this sweep began, `acquise_depuis`
    when the last whole one did.
    """

    vise: Assise
    acquise: Assise | None
    touches: frozenset[Diplome] | None
    curseur: str = ""
    complet: bool = False
    depuis: int = 0
    acquise_depuis: int = 0


def viser(tenu: Balayage | None, assise: Assise) -> Balayage:
    """Return the sweep to go on with: the one held if it aims there, else a new one.

    One that was cut short leaves what it wrote to be visited again.
    """
    if tenu is None:
        return Balayage(assise, None, None)
    if tenu.vise.marque == assise.marque:
        return tenu
    if tenu.complet:
        touches = _ecart(tenu.vise, assise)
        return Balayage(assise, tenu.vise, touches, acquise_depuis=tenu.depuis)
    ecart = _ecart(tenu.acquise, assise)
    touches = None if ecart is None or tenu.touches is None else ecart | tenu.touches
    return Balayage(assise, tenu.acquise, touches, acquise_depuis=tenu.acquise_depuis)


def _ecart(avant: Assise | None, apres: Assise) -> frozenset[Diplome] | None:
    if avant is None or avant.contextes != apres.contextes:
        return None
    cles = avant.regles.keys() | apres.regles.keys()
    return frozenset(cle for cle in cles if avant.regles.get(cle) != apres.regles.get(cle))
