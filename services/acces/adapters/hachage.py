"""Passwords as SHA-512 crypt, the one scheme (decision 21); hashed in threads, a few at once."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from passlib.exc import PasswordValueError
from passlib.handlers.sha2_crypt import sha512_crypt

from services.acces.domain.mots_de_passe import cout
from services.acces.ports import Verification
from services.kernel.problem import Unavailable

T = TypeVar("T")
_A_LA_FOIS: Final = 2


class Sha512Crypt:
    """Hashes at a cost; a cheaper hash that is verified is to be made again."""

    def __init__(self, rounds: int, waiting_max: int) -> None:
        """Prepare the hash that stands for that of an account which does not exist."""
        self._cout = rounds
        self._schema = sha512_crypt.using(rounds=rounds)
        self._en_attente = 0
        self._attente_max = waiting_max + _A_LA_FOIS
        self._fils = ThreadPoolExecutor(_A_LA_FOIS, thread_name_prefix="hachage")
        self._leurre = f"$6$rounds={rounds}$leurre${'.' * 86}"

    async def hacher(self, mot_de_passe: str) -> str:
        """Return the hash to store, with a new salt."""
        return await self._calculer(lambda: str(self._schema.hash(mot_de_passe)))

    async def verifier(self, mot_de_passe: str, empreinte: str | None) -> Verification:
        """Compare; without a hash, do the same work and say no."""
        stockee = empreinte or self._leurre
        juste = await self._calculer(lambda: _egale(mot_de_passe, stockee))
        if empreinte is None or not juste:
            return Verification(juste=False)
        return Verification(juste=True, a_refaire=(cout(empreinte) or 0) < self._cout)

    def fermer(self) -> None:
        """End the threads once what they do is done."""
        self._fils.shutdown()

    async def _calculer(self, calcul: Callable[[], T]) -> T:
        if self._en_attente >= self._attente_max:
            raise Unavailable("Trop de connexions à la fois.", retry_after=5)
        self._en_attente += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._fils, calcul)
        finally:
            self._en_attente -= 1


def _egale(mot_de_passe: str, empreinte: str) -> bool:
    try:
        return bool(sha512_crypt.verify(mot_de_passe, empreinte))
    except PasswordValueError:  # a null character, which no password has
        return False
