"""The post code of a place held against its commune (domain.md §1.1, §2 "Geo"; refdata.md §6).

A CEDEX belongs to an establishment, not to a commune: no open table lists them. A code that no
commune has is taken for one, as long as its first figures can be those of the département.
"""

from typing import Final, NamedTuple

from contracts.evenements import Confiance
from contracts.identifiants import code_postal as code_postal_
from services.enrich.domain.constats import Constat, constat
from services.enrich.domain.enrichissement.codes_communes import Indices, Successeur
from services.enrich.domain.geographie import PROCHE_METRES, centre_de, distance_metres
from services.enrich.domain.references.tables import Commune, References

ANCIENS: Final = {"75116": "75016", "97142": "97139"}
"""Codes that still circulate, and the one in use (domain.md §2, "Geo")."""

_CORSE: Final = frozenset(("2A", "2B"))
_CEDEX_REUNION: Final = ("977", "978")
_CITES_MAX: Final = 4


class _Choix(NamedTuple):
    proposition: str | None
    raison: str | None
    confiance: Confiance | None
    applicable: bool


def confronter(
    code_postal: str,
    commune: Commune,
    champs: tuple[str, str],
    indices: Indices,
    references: References,
) -> Constat | None:
    """Return what is wrong with a post code beside its commune; None when it is one of hers."""
    if code_postal in commune.codes_postaux:
        return None
    communes = references.communes_par_code_postal.get(code_postal, ())
    if commune.code in communes:
        return None
    choix = _choisir(commune, indices)
    departements = {references.communes[code].departement for code in communes}
    if not communes and commune.departement in _departements_possibles(code_postal):
        return _constat("code_postal_cedex", code_postal, choix, champs[1])
    ici = commune.departement in departements
    code = "code_postal_autre_commune" if ici else "code_postal_autre_departement"
    return _constat(code, code_postal, _douter(choix, commune, indices), champs[1])


def insee_saisi(
    code: str,
    commune: Commune,
    insee: str | None,
    champs: tuple[str, str],
    indices: Indices,
) -> Constat:
    """Return the finding on an INSEE code typed as the post code; a CEDEX may look the same."""
    choix = _choisir(commune, indices)
    if choix.raison and insee is None:
        confiance = choix.confiance and Confiance.MOYENNE
        raison = f"« {code} » est le code INSEE de la commune ({commune.nom}). {choix.raison}"
        choix = choix._replace(raison=raison, confiance=confiance)
    return _constat("insee_en_code_postal", code, choix, champs[1])


def est_saisi_en_insee(
    insee: str, code_postal: str | None, succession: Successeur | None, references: References
) -> bool:
    """Tell whether what stands for the INSEE code is rather a post code.

    Some former codes are post codes too: 75001 was Alfortville's and is that of the Louvre. The
    declared post code decides; without one, a former code that left its département is not meant.
    """
    designees = references.communes_par_code_postal.get(insee, ())
    if not designees or (code_postal and code_postal != insee):
        declarees = references.communes_par_code_postal.get(code_postal or "", ())
        return succession is None and not set(designees).isdisjoint(declarees)
    if succession is None or insee == code_postal:
        return True
    return succession.commune.departement not in _departements_possibles(insee)


def _choisir(commune: Commune, indices: Indices) -> _Choix:
    """Return the post code of the commune to propose, and why."""
    codes = commune.codes_postaux
    if len(codes) == 1:
        raison = f"C'est le seul code postal de la commune ({commune.nom})."
        return _Choix(codes[0], raison, Confiance.HAUTE, applicable=True)
    if indices.code_postal_organisme in codes:
        raison = (
            f"C'est le code postal de l'organisme formateur, dans la même commune ({commune.nom})."
        )
        return _Choix(indices.code_postal_organisme, raison, Confiance.MOYENNE, applicable=True)
    if 1 < len(codes) <= _CITES_MAX:
        raison = f"La commune ({commune.nom}) a plusieurs codes postaux."
        return _Choix(" ou ".join(codes), raison, Confiance.FAIBLE, applicable=False)
    return _Choix(None, None, None, applicable=False)


def _douter(choix: _Choix, commune: Commune, indices: Indices) -> _Choix:
    """Return a choice that supposes the commune right, as sure as the position makes it."""
    if choix.raison is None or not choix.applicable:
        return choix
    centre = centre_de(commune)
    if centre and indices.position and distance_metres(indices.position, centre) <= PROCHE_METRES:
        raison = f"{choix.raison} La position déclarée est proche de cette commune."
        return choix._replace(raison=raison, confiance=Confiance.MOYENNE)
    raison = f"{choix.raison} Il convient si la commune déclarée est la bonne."
    return choix._replace(raison=raison, confiance=Confiance.FAIBLE)


def _constat(code: str, valeur: str, choix: _Choix, champ: str) -> Constat:
    return constat(
        code,
        champ,
        valeur,
        choix.proposition,
        raison=choix.raison,
        confiance=choix.confiance,
        correction={champ: choix.proposition} if choix.applicable else None,
    )


def _departements_possibles(code_postal: str) -> frozenset[str]:
    """Return the départements that the first figures of an unlisted post code can mean."""
    if code_postal.startswith("20"):
        return _CORSE
    if code_postal.startswith(_CEDEX_REUNION):
        return frozenset(("974", code_postal[:3]))
    departement = code_postal_.departement(code_postal)
    return frozenset((departement,)) if departement else frozenset()
