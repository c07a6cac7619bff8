"""The clé ministère éducatif, the business key of an offer (domain.md §1.1).

`CCCCCC P pp d a GGGGGGGGGGGGGG FFFFFFFFFFFFFF - IIIII # Lss`: certifinfo, parcours, durée, année,
SIRET of the gestionnaire and of the formateur, commune, site. `X` stands for a durée or an année
that is not collected yet. The *root* is what precedes `#`: the sites of one offer share it.
"""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple
from urllib.parse import unquote

INSEE_A_DISTANCE: Final = "99999"
SITE_A_DISTANCE: Final = "LAD"
SITE_PRINCIPAL: Final = "L01"
NON_COLLECTE: Final = "X"
ANNEES: Final = "123456789"

_LIEU: Final = frozenset({"code_commune_insee", "site"})
_RACINE: Final = (
    r"([0-9]{6})P([0-9]{2})([0-9X])([0-9X])([0-9]{14})([0-9]{14})-([0-9]{5}|2[AB][0-9]{3})"
)
_FORME: Final = re.compile(_RACINE + r"#(L(?:[0-9]{2}|AD))", re.ASCII)
_FORME_RACINE: Final = re.compile(_RACINE, re.ASCII)


class Cle(NamedTuple):
    """The parts of a key, as texts."""

    id_certifinfo: str
    parcours: str
    duree: str
    annee: str
    siret_gestionnaire: str
    siret_formateur: str
    code_commune_insee: str
    site: str

    @property
    def racine(self) -> str:
        """Return the key without its site."""
        return (
            f"{self.id_certifinfo}P{self.parcours}{self.duree}{self.annee}"
            f"{self.siret_gestionnaire}{self.siret_formateur}-{self.code_commune_insee}"
        )

    @property
    def texte(self) -> str:
        """Return the key in full."""
        return f"{self.racine}#{self.site}"

    @property
    def a_distance(self) -> bool:
        """Tell whether the key is the variant of an offer followed entirely from afar."""
        return self.site == SITE_A_DISTANCE

    @property
    def annee_collectee(self) -> bool:
        """Tell whether the entry year is known."""
        return self.annee != NON_COLLECTE


def lire(valeur: object) -> Cle | None:
    """Return the parts of a key, blanks around it and case aside; None when it is malformed."""
    if not isinstance(valeur, str):
        return None
    trouve = _FORME.fullmatch(valeur) or _FORME.fullmatch(valeur.strip().upper())
    return Cle(*trouve.groups()) if trouve else None


def construire(  # noqa: PLR0913 - the eight parts that a key is made of
    *,
    id_certifinfo: str,
    parcours: int,
    duree: str | None,
    annee: str | None,
    siret_gestionnaire: str,
    siret_formateur: str,
    code_commune_insee: str,
    site: str = SITE_PRINCIPAL,
) -> Cle:
    """Return the key of these parts; a durée or an année that is not known becomes `X`."""
    return Cle(
        id_certifinfo.zfill(6),
        f"{parcours:02d}",
        duree or NON_COLLECTE,
        annee or NON_COLLECTE,
        siret_gestionnaire,
        siret_formateur,
        code_commune_insee,
        site,
    )


def variante_a_distance(cle: Cle) -> Cle:
    """Return the key of the same offer followed entirely from afar."""
    return cle._replace(code_commune_insee=INSEE_A_DISTANCE, site=SITE_A_DISTANCE)


def precise_l_annee(ancienne: Cle, nouvelle: Cle) -> bool:
    """Tell whether a key only gives its année to one that had none: it names the same offer."""
    return (
        not ancienne.annee_collectee
        and nouvelle.annee_collectee
        and ancienne._replace(annee=nouvelle.annee) == nouvelle
    )


def parties_changees(ancienne: Cle, nouvelle: Cle) -> list[str]:
    """Return the names of the parts in which two keys differ, in their order."""
    return [
        nom
        for nom, avant, apres in zip(Cle._fields, ancienne, nouvelle, strict=True)
        if avant != apres
    ]


def est_un_autre_site(ancienne: Cle, nouvelle: Cle) -> bool:
    """Tell whether two keys are sites of one offer, the one followed from afar included."""
    lieux = {"site"} if not (ancienne.a_distance or nouvelle.a_distance) else _LIEU
    return ancienne != nouvelle and lieux.issuperset(parties_changees(ancienne, nouvelle))


def debut_des_lieux(cle: Cle) -> str:
    """Return the key up to its commune: an offer and its variant from afar share that."""
    return cle.racine[: -len(cle.code_commune_insee)]


def cles_precisees(cle: Cle) -> list[str]:
    """Return the keys that an `X` year may have become, years 1 to 9; none for a known year."""
    if cle.annee_collectee:
        return []
    return [cle._replace(annee=annee).texte for annee in ANNEES]


def autres_sites(cle: Cle, parmi: Iterable[str]) -> list[str]:
    """Return the keys of the other sites of an L01 key among some, in their order."""
    if cle.site != SITE_PRINCIPAL:
        return []
    debut = cle.racine + "#"
    return [autre for autre in parmi if autre.startswith(debut) and autre != cle.texte]


def site_principal(cle: Cle) -> str | None:
    """Return the L01 key of the root that another site belongs to; None for an L01 itself."""
    return None if cle.site == SITE_PRINCIPAL else f"{cle.racine}#{SITE_PRINCIPAL}"


def depuis_adresse(segment: str) -> str:
    """Return the key or the root that a segment of an address holds.

    A `#` arrives encoded, encoded twice (each relay of a link may do so) or not at all, as browsers
    keep for themselves what follows it: the root alone is then left (see `est_racine`).
    """
    return unquote(unquote(segment)).strip().upper().removesuffix("#")


def est_racine(texte: str) -> bool:
    """Tell whether a text is a key that was cut at its `#`."""
    return _FORME_RACINE.fullmatch(texte) is not None
