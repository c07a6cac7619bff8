"""A multipart form read as it comes: its small fields, then its file as a stream.

The file is the form's last field, so that the others are known before it is read; nothing of it is
written to disk.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from email.message import Message
from typing import Final

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser

from services.kernel.problem import BadRequest

_CHAMP_MAX: Final = 4_096


@dataclass
class Formulaire:
    """A form whose fields before the file were read; iterating gives the file's content."""

    champs: dict[str, str]
    fichier: str | None
    contenu: AsyncIterator[bytes]


async def lire_formulaire(corps: AsyncIterator[bytes], type_de_contenu: str) -> Formulaire:
    """Read the fields of a form up to its file; the content is read when it is iterated.

    Raises:
        BadRequest: it is no multipart form, or a field is too long.
    """
    message = Message()
    message["content-type"] = type_de_contenu
    frontiere = message.get_param("boundary")
    if message.get_content_type() != "multipart/form-data" or not isinstance(frontiere, str):
        raise BadRequest("Un formulaire multipart/form-data est attendu.")
    lecture = _Lecture(frontiere, corps)
    await lecture.jusqu_au_fichier()
    return Formulaire(lecture.champs, lecture.fichier, lecture.morceaux())


@dataclass
class _Partie:
    entetes: dict[str, str] = field(default_factory=dict)
    nom: str = ""
    valeur: bytes = b""


class _Lecture:
    def __init__(self, frontiere: str, corps: AsyncIterator[bytes]) -> None:
        self.champs: dict[str, str] = {}
        self.fichier: str | None = None
        self._corps = corps
        self._morceaux: list[bytes] = []
        self._dans_le_fichier = False
        self._fichier_lu = False
        self._partie = _Partie()
        self._entete = ["", ""]
        self._parser = MultipartParser(
            frontiere,
            {
                "on_part_begin": self._debut,
                "on_header_field": self._nom_d_entete,
                "on_header_value": self._valeur_d_entete,
                "on_header_end": self._fin_d_entete,
                "on_headers_finished": self._fin_des_entetes,
                "on_part_data": self._donnees,
                "on_part_end": self._fin,
            },
        )

    async def jusqu_au_fichier(self) -> None:
        async for chunk in self._corps:
            self._avancer(chunk)
            if self.fichier is not None:
                return

    async def morceaux(self) -> AsyncIterator[bytes]:
        """Yield the file; raises `BadRequest` when the form ends before it does."""
        while True:
            morceaux, self._morceaux = self._morceaux, []
            for morceau in morceaux:
                yield morceau
            if self._fichier_lu:
                return
            chunk = await anext(self._corps, None)
            if chunk is None:
                if self.fichier is None:
                    return
                raise BadRequest("Le formulaire est coupé avant la fin du fichier.")
            self._avancer(chunk)

    def _avancer(self, chunk: bytes) -> None:
        try:
            self._parser.write(chunk)
        except MultipartParseError as error:
            raise BadRequest("Le formulaire n'est pas lisible.") from error

    def _debut(self) -> None:
        self._partie = _Partie()

    def _nom_d_entete(self, data: bytes, start: int, end: int) -> None:
        self._entete[0] += data[start:end].decode("latin-1")

    def _valeur_d_entete(self, data: bytes, start: int, end: int) -> None:
        self._entete[1] += data[start:end].decode("utf-8", "replace")

    def _fin_d_entete(self) -> None:
        nom, valeur = self._entete
        self._partie.entetes[nom.lower()] = valeur
        self._entete = ["", ""]

    def _fin_des_entetes(self) -> None:
        message = Message()
        message["content-disposition"] = self._partie.entetes.get("content-disposition", "")
        nom = message.get_param("name", "", "content-disposition")
        self._partie.nom = nom if isinstance(nom, str) else ""
        fichier = message.get_filename()
        if fichier is not None and self.fichier is None:
            self.fichier = fichier
            self._dans_le_fichier = True

    def _donnees(self, data: bytes, start: int, end: int) -> None:
        if self._dans_le_fichier:
            self._morceaux.append(data[start:end])
            return
        self._partie.valeur += data[start:end]
        if len(self._partie.valeur) > _CHAMP_MAX:
            raise BadRequest("Un champ du formulaire est trop long.")

    def _fin(self) -> None:
        if self._dans_le_fichier:
            self._dans_le_fichier, self._fichier_lu = False, True
        else:
            self.champs[self._partie.nom] = self._partie.valeur.decode("utf-8", "replace").strip()
