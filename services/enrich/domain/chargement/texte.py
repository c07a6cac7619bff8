"""Bytes of a file to rows: encoding, separator, and whether the file was cut. Pure."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from services.enrich.domain.chargement.modele import FichierRefuse

_BOMS: Final = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_ANCIENS: Final = ("cp1252", "mac_roman", "latin-1")
_ATTENDUS: Final = frozenset("éèêëàâäçîïôöùûüÿœæÉÈÊËÀÂÄÇÎÏÔÖÙÛÜŒÆ’«»°€–—…\u00a0")
_SEPARATEURS: Final = (";", ",", "\t", "|")
_VRAISEMBLANCE_MIN: Final = 0.5
_ENTETE_MAX: Final = 64 * 1024


class Decode(NamedTuple):
    """A text and the encoding that it was read with."""

    texte: str
    encodage: str


def decoder(octets: bytes, nom: str, declare: str | None = None) -> Decode:
    """Return the text of a file.

    Its byte order mark decides, else the declared encoding, else UTF-8 if it is valid UTF-8, else
    the old French encoding (cp1252, Mac Roman, Latin-1) under which its accents are those of
    French. Raises `FichierRefuse` when the declared one does not fit, or none does.
    """
    for bom, encodage in _BOMS:
        if octets.startswith(bom):
            return Decode(_strict(octets, encodage, nom), encodage)
    if declare is not None:
        return Decode(_strict(octets, declare, nom), declare)
    try:
        return Decode(octets.decode(), "utf-8")
    except UnicodeDecodeError:
        if (repare := _utf8_abime(octets)) is not None:
            return Decode(repare, "utf-8")
        candidats = [(encodage, octets.decode(encodage, "replace")) for encodage in _ANCIENS]
        encodage, texte = max(candidats, key=lambda candidat: _vraisemblance(candidat[1]))
        if _vraisemblance(texte) < _VRAISEMBLANCE_MIN:
            raise FichierRefuse(
                f"{nom} : encodage non reconnu ; enregistrez ce fichier en UTF-8."
            ) from None
        return Decode(texte, encodage)


def _utf8_abime(octets: bytes) -> str | None:
    """Return the text of UTF-8 with a few bytes lost, these as U+FFFD; None for another encoding.

    Bytes beyond ASCII of the old encodings are hardly ever valid UTF-8.
    """
    texte = octets.decode(errors="replace")
    perdus = texte.count("\ufffd")
    valides = sum(caractere > "\x7f" for caractere in texte) - perdus
    return texte if valides > perdus else None


def _strict(octets: bytes, encodage: str, nom: str) -> str:
    try:
        return octets.decode(encodage)
    except (UnicodeDecodeError, LookupError) as erreur:
        raise FichierRefuse(f"{nom} : ce fichier n'est pas en {encodage.upper()}.") from erreur


def _vraisemblance(texte: str) -> float:
    """Return the share of the characters beyond ASCII that French texts use."""
    autres = [caractere for caractere in texte if caractere > "\x7f"]
    return sum(caractere in _ATTENDUS for caractere in autres) / len(autres) if autres else 1.0


def rangees(texte: str, nom: str) -> Iterator[Sequence[str]]:
    """Yield the rows of a CSV, its header first; the separator is that of the header.

    Raises `FichierRefuse` when the text cannot be read, or ends inside a row.
    """
    if not texte.strip():
        raise FichierRefuse(f"{nom} : ce fichier est vide.")
    separateur = _separateur(texte)
    largeur = derniere = 0
    lecteur = csv.reader(io.StringIO(texte, newline=""), delimiter=separateur, strict=True)
    try:
        for rangee in lecteur:
            if not rangee:
                continue
            largeur = largeur or len(rangee)
            derniere = len(rangee)
            yield rangee
    except csv.Error as erreur:
        raise FichierRefuse(
            f"{nom} : CSV illisible à la ligne {lecteur.line_num} ({erreur})."
        ) from erreur
    if derniere < largeur and not texte.endswith(("\n", "\r")):
        raise FichierRefuse(
            f"{nom} : ce fichier est coupé au milieu de sa dernière ligne ({lecteur.line_num}) ; "
            "téléchargez-le de nouveau."
        )


def _separateur(texte: str) -> str:
    entete = re.split(r"[\r\n]", texte[:_ENTETE_MAX].lstrip("\r\n"), maxsplit=1)[0]
    return max(_SEPARATEURS, key=entete.count)
