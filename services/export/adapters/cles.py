"""The RSA key pair of the Parcoursup token: read from files, made in development."""

import fcntl
import os
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from services.export.settings import ParcoursupSettings

PUBLIQUE: Final = "publique.pem"
_TAILLE: Final = 3_072


def cle_privee(settings: ParcoursupSettings) -> bytes:
    """Return the private key as PEM; in development a missing one is made beside its public half.

    Raises:
        FileNotFoundError: there is none and this is no development installation.
    """
    chemin = settings.parcoursup_cle_privee
    if not chemin.is_file() and settings.environnement == "developpement":
        chemin.parent.mkdir(parents=True, exist_ok=True)
        with chemin.with_name("verrou").open("w") as verrou:
            # Two processes that start together must end with the halves of one pair.
            fcntl.flock(verrou, fcntl.LOCK_EX)
            if not chemin.is_file():
                _fabriquer(chemin)
    return chemin.read_bytes()


def _fabriquer(chemin: Path) -> None:
    cle = rsa.generate_private_key(public_exponent=65_537, key_size=_TAILLE)
    publique = cle.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    privee = cle.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    _ecrire(chemin.with_name(PUBLIQUE), publique)
    _ecrire(chemin, privee)


def _ecrire(chemin: Path, contenu: bytes) -> None:
    # Renamed into place: a reader meets the whole file or none.
    provisoire = chemin.with_suffix(f".{os.getpid()}")
    descripteur = os.open(provisoire, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descripteur, "wb") as fichier:
        fichier.write(contenu)
    provisoire.replace(chemin)
