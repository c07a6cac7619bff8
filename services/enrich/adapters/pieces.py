"""Opening reference files of any form: CSV, gzip, ZIP, XLSX, JSON, XML."""

import gzip
import io
import json
import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any, Final
from xml.etree import ElementTree as ET
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook  # type: ignore[import-untyped]
from openpyxl.utils.exceptions import InvalidFileException  # type: ignore[import-untyped]

from services.enrich.domain.chargement.exports.modele import simplifier
from services.enrich.domain.chargement.modele import FichierRefuse
from services.enrich.domain.chargement.reconnaissance import Piece
from services.enrich.domain.chargement.texte import decoder, rangees

OCTETS_MAX: Final = 2 << 30
_ABIMES: Final = (
    *(BadZipFile, InvalidFileException, EOFError, OSError, RuntimeError, SyntaxError, ValueError),
    *(AttributeError, LookupError, OverflowError, TypeError, struct.error, zlib.error),
)
"""What the readers of archives and workbooks raise on bytes that are not theirs."""
_ENTETE_MAX: Final = 10
_ORGANISMES: Final = ("CERTIFICATEURS/CERTIFICATEUR", "PARTENAIRES/PARTENAIRE")
_LISTES: Final = ("data", "results", "items", "resultats", "content")


def ouvrir(chemin: Path, nom: str | None = None) -> Iterator[Piece]:
    """Yield the pieces of a file, one for each file of an archive.

    Raises `FichierRefuse`, naming the file, when one is cut, damaged or unreadable.
    """
    return lire_octets(chemin.read_bytes(), nom or chemin.name)


def lire_octets(octets: bytes, nom: str) -> Iterator[Piece]:
    """Yield the pieces of the bytes of a file; its name tells their form. Raises as `ouvrir`."""
    suffixe = PurePosixPath(nom).suffix.lower()
    if suffixe == ".zip" or (octets.startswith(b"PK") and suffixe not in {".xlsx", ".xlsm"}):
        yield from _archive(octets, nom)
    else:
        yield from _une(octets, nom)


def _archive(octets: bytes, nom: str) -> Iterator[Piece]:
    try:
        with ZipFile(io.BytesIO(octets)) as archive:
            membres = [membre for membre in archive.infolist() if not membre.is_dir()]
            if sum(membre.file_size for membre in membres) > OCTETS_MAX:
                raise FichierRefuse(f"{nom} : archive trop volumineuse.")
            for membre in membres:
                interieur = PurePosixPath(membre.filename.replace("\\", "/")).name
                yield from _une(archive.read(membre), interieur)
    except _ABIMES as erreur:
        raise FichierRefuse(f"{nom} : archive coupée ou abîmée.") from erreur


def _une(octets: bytes, nom: str) -> Iterator[Piece]:
    suffixe = PurePosixPath(nom).suffix.lower()
    if suffixe == ".gz":
        try:
            octets = gzip.decompress(octets)
        except (EOFError, gzip.BadGzipFile, zlib.error) as erreur:
            raise FichierRefuse(f"{nom} : fichier gzip coupé ou abîmé.") from erreur
        suffixe = PurePosixPath(nom.removesuffix(".gz")).suffix.lower()
    match suffixe:
        case ".xlsx" | ".xlsm":
            yield from _classeur(octets, nom)
        case ".json" | ".ndjson" | ".jsonl":
            yield _objets(octets, nom)
        case ".xml":
            yield from _fiches(octets, nom)
        case ".csv" | ".txt" | ".tsv" | "":
            lu = decoder(octets, nom)
            yield Piece(nom, list(rangees(lu.texte, nom)), lu.encodage)


def _classeur(octets: bytes, nom: str) -> Iterator[Piece]:
    """Yield each sheet, from the first row that names at least two columns."""
    try:
        classeur = load_workbook(io.BytesIO(octets), read_only=True, data_only=True)
        for feuille in classeur.worksheets:
            lues = [
                [_cellule(cellule) for cellule in rangee]
                for rangee in feuille.iter_rows(values_only=True)
            ]
            if entete := _entete(lues):
                yield Piece(f"{nom} ({feuille.title})", lues[entete - 1 :])
    except _ABIMES as erreur:
        raise FichierRefuse(f"{nom} : classeur illisible ({type(erreur).__name__}).") from erreur


def _entete(lues: Sequence[Sequence[str]]) -> int:
    """Return the rank from 1 of the row of column names, the fullest of the first; 0 for none."""
    remplies = [sum(map(bool, rangee)) for rangee in lues[:_ENTETE_MAX]]
    if not remplies or max(remplies) < 2:
        return 0
    return remplies.index(max(remplies)) + 1


def _cellule(valeur: object) -> str:
    if valeur is None:
        return ""
    if hasattr(valeur, "date"):
        return str(valeur.date().isoformat())
    if isinstance(valeur, float) and valeur.is_integer():
        return str(int(valeur))
    return str(valeur).strip()


def _objets(octets: bytes, nom: str) -> Piece:
    """Return the objects of a JSON page, of a list, or of JSON Lines, as rows."""
    texte = decoder(octets, nom).texte
    try:
        lu: Any = json.loads(texte)
    except json.JSONDecodeError as erreur:
        lignes = [ligne for ligne in texte.splitlines() if ligne.strip()]
        try:
            lu = [json.loads(ligne) for ligne in lignes]
        except (json.JSONDecodeError, RecursionError):
            raise FichierRefuse(
                f"{nom} : JSON illisible ou coupé (ligne {erreur.lineno}, colonne {erreur.colno})."
            ) from erreur
    except RecursionError as erreur:
        raise FichierRefuse(f"{nom} : JSON illisible (trop imbriqué).") from erreur
    return Piece(nom, _en_rangees(_liste(lu, nom)))


def _liste(lu: object, nom: str) -> list[Mapping[str, Any]]:
    if isinstance(lu, dict):
        for cle in _LISTES:
            if isinstance(lu.get(cle), list):
                return _liste(lu[cle], nom)
        if lu and all(isinstance(valeur, str) for valeur in lu.values()):
            return [{"code": code, "url_onisep": url} for code, url in lu.items()]
    if isinstance(lu, list) and all(isinstance(objet, dict) for objet in lu):
        return lu
    if isinstance(lu, list) and lu and all(isinstance(page, list) for page in lu):
        return [objet for page in lu for objet in _liste(page, nom)]
    raise FichierRefuse(f"{nom} : une liste d'objets JSON est attendue.")


def _en_rangees(objets: Iterable[Mapping[str, Any]]) -> list[Sequence[str]]:
    aplatis = [_aplatir(objet) for objet in objets]
    colonnes = list(dict.fromkeys(nom for objet in aplatis for nom in objet))
    return [colonnes, *([objet.get(nom, "") for nom in colonnes] for objet in aplatis)]


def _aplatir(objet: Mapping[str, Any]) -> dict[str, str]:
    """Return the members as texts; lists joined by a bar, a GeoJSON point as its coordinates."""
    plat: dict[str, str] = {}
    for nom, valeur in objet.items():
        if isinstance(valeur, dict):
            if isinstance(coordonnees := valeur.get("coordinates"), list) and len(coordonnees) == 2:
                plat["longitude"], plat["latitude"] = map(str, coordonnees)
            else:
                plat |= {f"{nom}_{dedans}": texte for dedans, texte in _aplatir(valeur).items()}
        elif isinstance(valeur, list):
            plat[simplifier(nom)] = "|".join(str(un) for un in valeur if not isinstance(un, dict))
        else:
            plat[simplifier(nom)] = "" if valeur is None else str(valeur)
    return plat


def _fiches(octets: bytes, nom: str) -> Iterator[Piece]:
    """Yield the fiches of an XML export, a row per ROME code, then who certifies and prepares.

    Neither entity nor document type is read.
    """
    texte = _sans_prologue(decoder(octets, nom, None).texte)
    if "<!" in texte.replace("<![CDATA[", "").replace("<!--", ""):
        raise FichierRefuse(f"{nom} : un document sans déclaration de type est attendu.")
    try:
        racine = ET.fromstring(texte)  # noqa: S314 - neither entity nor document type gets here
    except ET.ParseError as erreur:
        raise FichierRefuse(f"{nom} : XML illisible ou coupé ({erreur}).") from erreur
    objets = []
    organismes: dict[str, list[dict[str, str]]] = {nom: [] for nom in _ORGANISMES}
    for fiche in racine.iter("FICHE"):
        champs = _champs(fiche)
        codes = [code.text or "" for code in fiche.iterfind("CODES_ROME/ROME/CODE")]
        objets += [{**champs, "rome": code.strip()} for code in codes or [""]]
        for chemin, siens in organismes.items():
            siens += [
                {"numero_fiche": champs.get("numero_fiche", ""), **_champs(element)}
                for element in fiche.iterfind(chemin)
            ]
    for lus in (objets, *organismes.values()):
        if lus:
            yield Piece(nom, _en_rangees(lus))


def _champs(element: ET.Element) -> dict[str, str]:
    return {fils.tag.lower(): (fils.text or "").strip() for fils in element if not len(fils)}


def _sans_prologue(texte: str) -> str:
    """Return the document without its XML declaration, whose encoding is often not its own."""
    debut = texte.lstrip("\ufeff \r\n\t")
    return debut.partition("?>")[2] if debut.startswith("<?xml") else debut
