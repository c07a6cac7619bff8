"""The words of the tables of routes: who passes, how far, and a call that is well formed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

Roles = frozenset[str]


class Portee(StrEnum):
    """How far a holder who passes reaches."""

    PUBLIQUE = "no key"
    LIBRE = "nothing that belongs to an académie: vocabulary, rules, what is one's own"
    COUPEE = "the offers of one's académies, whatever is asked"
    ACADEMIE = "the académie that is named, if it is one's own; else 403"
    OFFRE = "the offer that is named, if its académie is one's own; else 403"
    ETABLISSEMENT = "the SIRET that is named, if it is one's own; else 403"
    NATIONALE = "all offers: national scopes only"
    CONTRAT = "all offers, as the public contract tells them"


@dataclass(frozen=True, slots=True)
class Route:
    """A line: who passes, how far, and a call that is well formed.

    `nom` is `METHOD /path`. `roles` pass with an académie of their own, `nationaux` with a national
    scope only. `{id}`, `{academie}`, `{siret}`, `{regle}` and `{plateforme}` are filled in the path
    and the call. `montre` tells that the answer to a holder shows the offer's title.
    """

    nom: str
    roles: Roles
    portee: Portee
    appel: Mapping[str, Any] = field(default_factory=dict)
    plateforme: str = "affelnet"
    nationaux: Roles = frozenset()
    montre: bool = False

    @property
    def methode(self) -> str:
        """Return the HTTP method."""
        return self.nom.partition(" ")[0]

    @property
    def chemin(self) -> str:
        """Return the path, as it is declared."""
        return self.nom.partition(" ")[2]


def _roles(*noms: str) -> Roles:
    return frozenset(noms)


ADMIN: Final = _roles("administrateur")
INSTRUIT_PS: Final = _roles("administrateur", "instructeur", "instructeur-parcoursup")
INSTRUIT_AF: Final = _roles("administrateur", "instructeur", "instructeur-affelnet")
LIT_PS: Final = INSTRUIT_PS | _roles("moss", "lecteur", "lecteur-parcoursup")
LIT_AF: Final = INSTRUIT_AF | _roles("dgesco", "lecteur", "lecteur-affelnet")
ETAT: Final = LIT_PS | LIT_AF
INSTRUIT: Final = INSTRUIT_PS | INSTRUIT_AF
PARTENAIRES: Final = _roles("administrateur", "partenaire")
ANCIENS: Final = ETAT | _roles("partenaire")
CFA: Final = _roles("administrateur", "deposant")
ETAT_ET_CFA: Final = ETAT | CFA
TOUS: Final = ETAT_ET_CFA | PARTENAIRES
AUCUN: Final[Roles] = frozenset()


def publiques(*noms: str) -> list[Route]:
    """Return the lines of routes that need no key."""
    return [Route(nom, AUCUN, Portee.PUBLIQUE) for nom in noms]


def memes(roles: Roles, portee: Portee, *noms: str) -> list[Route]:
    """Return the lines of routes that are alike, called with nothing."""
    return [Route(nom, roles, portee) for nom in noms]


def deux(
    nom: str,
    portee: Portee,
    appel: Mapping[str, Any],
    *,
    ps: tuple[Roles, Roles] = (AUCUN, AUCUN),
    af: tuple[Roles, Roles] = (AUCUN, AUCUN),
) -> list[Route]:
    """Return the lines of a route on each platform: (with an académie, nationally only)."""
    return [
        Route(nom, ps[0], portee, appel, "parcoursup", ps[1]),
        Route(nom, af[0], portee, appel, "affelnet", af[1]),
    ]


def des_deux(nom: str, portee: Portee, roles: tuple[Roles, Roles], **appel: object) -> list[Route]:
    """Return the lines of a route that takes its platform: the roles of each."""
    return deux(nom, portee, appel, ps=(roles[0], AUCUN), af=(roles[1], AUCUN))
