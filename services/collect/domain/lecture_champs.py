"""How the value of each field is read (domain.md §1.1, §1.3, §1.5).

A reading writes what it understood into the offer and appends what it has to say. A value that
cannot be read is left out: it is quoted in a finding, and never travels further.
"""

import re
import unicodedata
from collections.abc import Callable, Sized
from functools import lru_cache
from typing import Any, Final, TypeVar

from contracts.identifiants import cfd, cle, modalite, periode, rncp, siret, uai
from contracts.identifiants.textes import compact, texte
from services.collect.domain.constat import Constat, constat

Offre = dict[str, Any]
"""A normalised offer under the names of `contracts.offre.Offre`; what is absent is the default."""

Lecture = Callable[[str, object, Offre, list[Constat]], None]
"""Reads a value, not empty, of a field into the offer, with what is to be said of it."""

T = TypeVar("T")

_TEXTE_MAX: Final = 2_000
_CODE_MAX: Final = 100
_ELEMENTS_MAX: Final = 500
_CITES_MAX: Final = 20
_MEMOIRE: Final = 32_768
_VRAI: Final = frozenset({"TRUE", "1", "OUI", "VRAI", "O"})
_FAUX: Final = frozenset({"FALSE", "0", "NON", "FAUX", "N"})
_POSITION: Final = re.compile(
    r"\s*([+-]?\d{1,3}(?:\.\d+)?)\s*[,; ]\s*([+-]?\d{1,3}(?:\.\d+)?)\s*", re.ASCII
)
_COURRIEL: Final = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+")


def memoire(normaliser: Callable[[object], T]) -> Callable[[object], T]:
    """Return the same function, remembering short texts: deliveries repeat their codes."""
    connus = lru_cache(maxsize=_MEMOIRE)(normaliser)

    def lire(valeur: object) -> T:
        court = type(valeur) is str and len(valeur) <= _CODE_MAX
        return connus(valeur) if court else normaliser(valeur)

    return lire


_siret = memoire(siret.normaliser)
_uai = memoire(uai.normaliser)
_cfd = memoire(cfd.lire)
_rncp = memoire(rncp.normaliser)


def lire_texte(champ: str, valeur: object, offre: Offre, constats: list[Constat]) -> None:
    """Keep a text, trimmed and in composed form (NFC)."""
    lu = valeur.strip() if type(valeur) is str else texte(valeur)
    if not lu.isascii():
        lu = unicodedata.normalize("NFC", lu)
    if len(lu) > _TEXTE_MAX or not (lu or isinstance(valeur, str)):
        constats.append(constat("valeur_illisible", champ, valeur))
    elif lu:
        offre[champ] = lu


def lire_cle(champ: str, valeur: object, offre: Offre, constats: list[Constat]) -> None:
    """Keep a well-formed clé; a malformed one would be an alias that no other source knows."""
    lue = cle.lire(valeur)
    if lue is not None:
        offre[champ] = lue.texte
    elif texte(valeur):
        constats.append(constat("cle_mal_formee", champ, valeur))


def lire_cles(champ: str, valeur: object, offre: Offre, constats: list[Constat]) -> None:
    """Keep the well-formed clés of a list, distinct and ascending."""
    lues = {morceau: cle.lire(morceau) for morceau in periode.morceaux(valeur)}
    bonnes = sorted({lue.texte for lue in lues.values() if lue})
    if bonnes and not _trop(bonnes, champ, constats):
        offre[champ] = bonnes
    mauvaises = [brut for brut, lue in lues.items() if not lue]
    constats += [constat("valeur_illisible", champ, m) for m in mauvaises[:_CITES_MAX]]


def lire_liste(champ: str, valeur: object, offre: Offre, constats: list[Constat]) -> None:
    """Keep the elements of a list, or of a text with `##` or `|`, distinct and ascending."""
    morceaux = sorted(set(periode.morceaux(valeur)))
    courts = len(morceaux) <= _ELEMENTS_MAX and all(len(m) <= _CODE_MAX for m in morceaux)
    if morceaux and courts:
        offre[champ] = morceaux
    elif morceaux or not isinstance(valeur, str):
        constats.append(constat("valeur_illisible", champ, valeur))


def lire_siret(code_mal_forme: str) -> Lecture:
    """Return the reading of a SIRET whose malformed value has a finding of its own."""

    def lire(champ: str, valeur: object, offre: Offre, constats: list[Constat]) -> None:
        lu = _siret(valeur)
        if lu is None:
            if texte(valeur) or not isinstance(valeur, str):
                constats.append(constat(code_mal_forme, champ, valeur))
            return
        offre[champ] = lu
        if lu != valeur:
            _dire_le_zero(champ, valeur, lu, constats)
        if not siret.cle_juste(lu):
            constats.append(constat("siret_cle_fausse", champ, lu))

    return lire


def lire_uai(champ: str, valeur: object, offre: Offre, constats: list[Constat]) -> None:
    """Keep a well-formed UAI; a wrong letter is said with the right one."""
    lu = _uai(valeur)
    if lu is None:
        if texte(valeur):
            constats.append(constat("uai_mal_forme", champ, valeur))
        return
    offre[champ] = lu
    if lu != valeur:
        _dire_le_zero(champ, valeur, lu, constats)
    lettre = uai.lettre(lu[:7])
    if lettre != lu[7]:
        constats.append(constat("uai_lettre_fausse", champ, lu, lu[:7] + lettre))


def lire_cfd(champ: str, valeur: object, offre: Offre, constats: list[Constat]) -> None:
    """Keep the eight characters of the diploma, and apart the letter of its speciality."""
    lu = _cfd(valeur)
    if lu is None:
        if texte(valeur):
            constats.append(constat("cfd_mal_forme", champ, valeur))
        return
    offre[champ] = lu.code
    if lu.specialite:
        offre["cfd_specialite"] = lu.specialite
    if lu.code != valeur:
        _dire_le_zero(champ, valeur, lu.code, constats)


def lire_rncp(champ: str, valeur: object, offre: Offre, constats: list[Constat]) -> None:
    """Keep `RNCPnnnnn`; `NR`, not registered, is no number and no fault."""
    lu = _rncp(valeur)
    if lu is not None:
        offre[champ] = lu
    elif compact(valeur) not in {"", rncp.NON_INSCRIT}:
        constats.append(constat("rncp_mal_forme", champ, valeur))


def lire_code(normaliser: Callable[[object], str | None], code_illisible: str) -> Lecture:
    """Return the reading of a code by its normal form, None when it has none."""
    codes = memoire(normaliser)

    def lire(champ: str, valeur: object, offre: Offre, constats: list[Constat]) -> None:
        lu = codes(valeur)
        if lu is not None:
            offre[champ] = lu
            if lu != valeur:
                _dire_le_zero(champ, valeur, lu, constats)
        elif texte(valeur) or not isinstance(valeur, str):
            constats.append(constat(code_illisible, champ, valeur))

    return lire


def lire_parallele(lire_un: Callable[[object], object], code_illisible: str) -> Lecture:
    """Return the reading of a list that goes by rank with others, kept when all of it is readable.

    An element left out would move those after it.
    """
    unite = memoire(lire_un)

    def lire(champ: str, valeur: object, offre: Offre, constats: list[Constat]) -> None:
        elements = list(valeur) if isinstance(valeur, list) else periode.morceaux(valeur)
        if _trop(elements, champ, constats):
            return
        lus = [unite(element) for element in elements or [valeur]]
        if None not in lus:
            if lus:
                offre[champ] = lus
            return
        mauvais = (elements or [valeur])[lus.index(None)]
        if texte(mauvais) or not isinstance(mauvais, str):
            constats.append(constat(code_illisible, champ, mauvais))

    return lire


def position(valeur: object) -> str | None:
    """Return `lat,lon` when both are degrees that exist."""
    trouve = _POSITION.fullmatch(texte(valeur))
    if trouve is None or abs(float(trouve[1])) > 90 or abs(float(trouve[2])) > 180:
        return None
    return f"{trouve[1]},{trouve[2]}"


def courriel(valeur: object) -> str | None:
    """Return what has the form of an address."""
    lu = texte(valeur)
    return lu if _COURRIEL.fullmatch(lu) else None


def capacite(valeur: object) -> str | None:
    """Return a number of places, as the text of an integer."""
    places = modalite.capacite(valeur)
    return None if places is None else str(places)


def booleen(valeur: object) -> bool | None:
    """Return true or false, however it was said."""
    if isinstance(valeur, bool):
        return valeur
    lu = texte(valeur).upper()
    if lu in _VRAI:
        return True
    return False if lu in _FAUX else None


def lire_booleen(champ: str, valeur: object, offre: Offre, constats: list[Constat]) -> None:
    """Keep true or false."""
    lu = booleen(valeur)
    if lu is not None:
        offre[champ] = lu
    elif texte(valeur) or not isinstance(valeur, str):
        constats.append(constat("booleen_illisible", champ, valeur))


def lire_periode(champ: str, valeur: object, offre: Offre, constats: list[Constat]) -> None:
    """Keep the months of a period, distinct and ascending."""
    lue = periode.lire(valeur)
    if lue.mois and not _trop(lue.mois, champ, constats):
        offre[champ] = lue.mois
    constats += [constat("periode_invalide", champ, m) for m in lue.illisibles[:_CITES_MAX]]


def _trop(elements: Sized, champ: str, constats: list[Constat]) -> bool:
    """Tell whether a list is longer than any real one: an event must stay within its bounds."""
    if len(elements) <= _ELEMENTS_MAX:
        return False
    constats.append(constat("valeur_illisible", champ, f"{len(elements)} valeurs"))
    return True


def _dire_le_zero(champ: str, valeur: object, lu: str, constats: list[Constat]) -> None:
    if lu[0] == "0" and compact(valeur) == lu[1:]:
        constats.append(constat("zero_restaure", champ, valeur, lu))
