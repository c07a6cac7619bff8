"""What a change of one rule would do to the catalogue: computed, never written."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from contracts.statuts import Plateforme
from services.export.domain.projections import Juge
from services.export.domain.publication import juger
from services.export.domain.reevaluation import Diplome
from services.export.domain.regles import JeuDeRegles, Regle, lire_regle

Document = dict[str, Any]

CHAMPS_MONTRES: Final = (
    "cle_ministere_educatif",
    "intitule_long",
    "localite",
    "num_academie",
    "niveau",
    "diplome",
)


class Mouvement(StrEnum):
    """What happens to an offer: it enters or leaves the perimeter, or only its status changes."""

    ENTRE = "entre"
    SORT = "sort"
    CHANGE = "change"


@dataclass(frozen=True, slots=True)
class Changement:
    """A rule before and after; None where it is not. One of them at least, of one platform."""

    avant: Regle | None
    apres: Regle | None

    @property
    def plateforme(self) -> Plateforme:
        """Return the platform of the rule."""
        return self._regles[0].plateforme

    @property
    def diplomes(self) -> frozenset[Diplome]:
        """Return the levels and diplomas whose offers it may touch: no other can change."""
        return frozenset((regle.niveau, regle.diplome) for regle in self._regles)

    @property
    def _regles(self) -> tuple[Regle, ...]:
        return tuple(regle for regle in (self.avant, self.apres) if regle is not None)


def changement(avant: Document | None, apres: Document | None) -> Changement:
    """Return the change from a stored rule to another; None, or deleted, is no rule."""
    return Changement(_lue(avant), _lue(apres))


def _lue(document: Document | None) -> Regle | None:
    if document is None or document["supprimee"]:
        return None
    return lire_regle(document["contenu"], id=document["_id"], version=document["version"])


@dataclass(frozen=True, slots=True)
class Effet:
    """An offer that the change moves, with what it showed and would show."""

    id: str
    mouvement: Mouvement
    statut_avant: str
    statut_apres: str
    regle_avant: str | None
    regle_apres: str | None
    offre: Document


@dataclass(slots=True)
class Apercu:
    """The effects of a change, and how many offers the rule decides for before and after."""

    examinees: int = 0
    visees_avant: int = 0
    visees_apres: int = 0
    effets: list[Effet] = field(default_factory=list)

    def comptes(self) -> Counter[Mouvement]:
        """Return how many offers each movement concerns."""
        return Counter(effet.mouvement for effet in self.effets)

    def par_academie(self) -> dict[str, Counter[Mouvement]]:
        """Return the same by académie; "" when an offer has none."""
        comptes: dict[str, Counter[Mouvement]] = {}
        for effet in self.effets:
            academie = effet.offre.get("num_academie") or ""
            comptes.setdefault(academie, Counter())[effet.mouvement] += 1
        return dict(sorted(comptes.items()))

    def par_statut(self) -> Counter[tuple[str, str]]:
        """Return how many offers go from one displayed status to another."""
        return Counter((effet.statut_avant, effet.statut_apres) for effet in self.effets)

    def echantillon(self, mouvement: Mouvement, taille: int) -> list[Effet]:
        """Return the first offers of a movement, in the order of ids."""
        return [effet for effet in self.effets if effet.mouvement is mouvement][:taille]


class Apercevant:
    """Judges offers under the rules in force and under those that the change would make."""

    def __init__(self, juge: Juge, changement: Changement) -> None:
        """Suppose the change; the judge is left as it is."""
        plateforme = changement.plateforme
        self._nom = plateforme.value
        self._contextes = {plateforme: juge.contextes[plateforme]}
        self._jeux = (juge.jeu, _suppose(juge, changement))
        self._ids = tuple(un.id if un else None for un in (changement.avant, changement.apres))
        self.apercu = Apercu()

    def examiner(self, offres: Iterable[Document]) -> None:
        """Add stored offers, with their facts on the platform, in the order of ids."""
        for offre in offres:
            self._une(offre)

    def _une(self, offre: Document) -> None:
        nom, projection = self._nom, offre["projection"]
        decisions, retours = offre.get("decisions"), offre.get("retours")
        avant, apres = (
            juger(projection, decisions, retours, jeu, self._contextes) for jeu in self._jeux
        )
        selon_avant, selon_apres = avant.eligibilites[nom], apres.eligibilites[nom]
        apercu, (id_avant, id_apres) = self.apercu, self._ids
        apercu.examinees += 1
        apercu.visees_avant += id_avant is not None and selon_avant.regle == id_avant
        apercu.visees_apres += id_apres is not None and selon_apres.regle == id_apres
        montrait, montre = avant.plateformes[nom]["statut"], apres.plateformes[nom]["statut"]
        if selon_avant.perimetre is not selon_apres.perimetre:
            mouvement = Mouvement.ENTRE if selon_apres.perimetre else Mouvement.SORT
        elif montrait != montre:
            mouvement = Mouvement.CHANGE
        else:
            return
        apercu.effets.append(
            Effet(
                offre["_id"],
                mouvement,
                montrait,
                montre,
                selon_avant.regle,
                selon_apres.regle,
                {champ: projection.get(champ) for champ in CHAMPS_MONTRES},
            )
        )


def _suppose(juge: Juge, changement: Changement) -> JeuDeRegles:
    neuves: Sequence[Regle] = [changement.apres] if changement.apres else []
    return juge.jeu.avec(*neuves, sans=[changement.avant.id] if changement.avant else [])
