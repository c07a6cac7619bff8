"""Codes of communes that are no longer, or never were, those of a commune (domain.md §1.1, §2).

A code that left the COG leads to the commune that took its place, with its cause: the table of
former communes says most, this module the renumberings that it leaves out.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from contracts.evenements import Confiance
from contracts.identifiants import insee as insee_
from services.enrich.domain.geographie import PROCHE_METRES, Position, centre_de, distance_metres
from services.enrich.domain.noms import forme_de_nom
from services.enrich.domain.references.tables import Commune, References

_COLLECTIVITES: Final = {"97123": "97701", "97127": "97801"}
"""Saint-Barthélemy and Saint-Martin left Guadeloupe in 2007 (COG, law of 21 February 2007)."""

_MAYOTTE: Final = ("985", "976")
"""The communes of Mayotte kept their last two figures when it became a département (2011)."""

_ARRONDISSEMENTS: Final = {
    "75056": tuple(f"751{rang:02}" for rang in range(1, 21)),
    "69123": tuple(f"6938{rang}" for rang in range(1, 10)),
    "13055": tuple(f"132{rang:02}" for rang in range(1, 17)),
}
"""The three cities whose addresses lie in arrondissements, and the codes of these."""


class Indices(NamedTuple):
    """What else an offer says of a place: it decides between communes, and never alone."""

    localite: str | None = None
    position: Position | None = None
    code_postal_organisme: str | None = None


class Successeur(NamedTuple):
    """The commune that a former code now means, and why, as the start of a French sentence."""

    commune: Commune
    cause: str


def succeder(insee: str, references: References) -> Successeur | None:
    """Return the current commune of a former code; None when no source knows it.

    Follows a chain of former codes to its end; a loop has none.
    """
    if code := _COLLECTIVITES.get(insee):
        return _successeur(code, references, "Collectivité d'outre-mer renumérotée en 2008")
    if insee.startswith(_MAYOTTE[0]):
        code = _MAYOTTE[1] + insee[3:]
        return _successeur(code, references, "Commune de Mayotte renumérotée")
    code = insee
    vus: set[str] = set()
    while code not in references.communes and code not in vus:
        vus.add(code)
        code = references.anciennes_communes.get(code, "")
    if insee.startswith("20"):
        cause = "La Corse a deux départements depuis 1976, 2A et 2B"
        return _successeur(code, references, cause) or _corse(insee, references, cause)
    if nom := references.noms_anciens.get(insee):
        return _successeur(code, references, f"« {nom} » a été réunie à une autre commune")
    if insee_.departement(code) != insee_.departement(insee):
        return _successeur(code, references, "La commune a changé de département")
    return _successeur(code, references, "La commune a été réunie à une autre ou renumérotée")


def _successeur(code: str, references: References, cause: str) -> Successeur | None:
    commune = references.communes.get(code)
    return None if commune is None else Successeur(commune, cause)


def _corse(insee: str, references: References, cause: str) -> Successeur | None:
    """Return the only Corsican commune that kept the last three figures."""
    trouves = [_successeur(tete + insee[2:], references, cause) for tete in ("2A", "2B")]
    connus = [trouve for trouve in trouves if trouve]
    return connus[0] if len(connus) == 1 else None


def du_code_postal(code_postal: str | None, references: References) -> Sequence[str]:
    """Return the communes of a post code; arrondissements take the place of their city."""
    codes = references.communes_par_code_postal.get(code_postal or "", ())
    if len(codes) == 1:
        return codes
    return [code for code in codes if not _est_divisee(code, codes)]


def arrondissements(insee: str, references: References) -> Sequence[str]:
    """Return the arrondissements of a city that has some; none for any other commune."""
    return [code for code in _ARRONDISSEMENTS.get(insee, ()) if code in references.communes]


def est_dans(arrondissement: str, ville: str) -> bool:
    """Tell whether a code is that of an arrondissement of a divided city."""
    return arrondissement in _ARRONDISSEMENTS.get(ville, ())


def arrondissement(insee: str, code_postal: str | None, references: References) -> Commune | None:
    """Return the arrondissement of a divided city that has this post code."""
    codes = [code for code in du_code_postal(code_postal, references) if est_dans(code, insee)]
    return references.communes[codes[0]] if len(codes) == 1 else None


class Choix(NamedTuple):
    """A commune that the other facts of an offer point to; `fait` names them in French."""

    commune: Commune
    fait: str
    confiance: Confiance


def departager(codes: Sequence[str], indices: Indices, references: References) -> Choix | None:
    """Return the commune that the declared name, else the position, points to among others."""
    communes = [references.communes[code] for code in codes]
    if indices.localite:
        forme = forme_de_nom(indices.localite)
        nommees = [commune for commune in communes if forme_de_nom(commune.nom) == forme]
        if len(nommees) == 1:
            return Choix(nommees[0], "c'est la commune nommée", Confiance.MOYENNE)
    return _la_plus_proche(communes, indices.position) if indices.position else None


def _la_plus_proche(communes: Sequence[Commune], position: Position) -> Choix | None:
    """Return the commune whose centre is the nearest; sure only when the next one is far."""
    distances = sorted(
        (distance_metres(position, centre), rang)
        for rang, commune in enumerate(communes)
        if (centre := centre_de(commune)) is not None
    )
    if not distances or distances[0][0] > PROCHE_METRES:
        return None
    nette = len(distances) == 1 or distances[1][0] > 2 * distances[0][0]
    return Choix(
        communes[distances[0][1]],
        "c'est la plus proche de la position déclarée",
        Confiance.MOYENNE if nette else Confiance.FAIBLE,
    )


def _est_divisee(code: str, parmi: Sequence[str]) -> bool:
    return any(est_dans(autre, code) for autre in parmi)
