"""What a password must be, and the hash that stores it."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from passlib.handlers.sha2_crypt import sha512_crypt

from services.acces.adapters.hachage import Sha512Crypt
from services.acces.domain.mots_de_passe import cout, manques
from services.kernel.problem import Unavailable


@pytest.mark.parametrize(
    "mot_de_passe", ["Password!123456", "Aa1!aaaa", "Éa1 éé-é", "Aa1_aaaa", "A" * 60 + "a1!" * 22]
)
def test_a_strong_password_may_be_used(mot_de_passe: str) -> None:
    assert manques(mot_de_passe) == []


@pytest.mark.parametrize(
    ("mot_de_passe", "manque"),
    [
        ("Aa1!aaa", "au moins 8 caractères"),
        ("Aa1!" * 33, "au plus 128 caractères"),
        ("aa1!aaaa", "une lettre majuscule"),
        ("AA1!AAAA", "une lettre minuscule"),
        ("Aa!aaaaa", "un chiffre"),
        ("Aa1aaaaa", "un caractère spécial"),
        ("Aa1éaaaa", "un caractère spécial"),
        ("Aa1 aaaa", "un caractère spécial"),
        ("Aa1!aaa\0a", "aucun caractère de contrôle"),
    ],
)
def test_a_weak_password_is_told_what_it_lacks(mot_de_passe: str, manque: str) -> None:
    assert manques(mot_de_passe) == [manque]


def test_the_cost_of_a_stored_form_is_read() -> None:
    fin = "." * 86
    assert cout(f"$6$rounds=1001$sel${fin}") == 1001
    assert cout(f"$6$sel${fin}") == 5000
    assert cout(f"$5$rounds=1001$sel${fin}") is None
    assert cout("password") is None


@pytest_asyncio.fixture
async def hachage() -> AsyncIterator[Sha512Crypt]:
    schema = Sha512Crypt(1001, 2)
    yield schema
    schema.fermer()


@pytest.mark.parametrize(("rounds", "a_refaire"), [(1000, True), (1001, False), (1002, False)])
async def test_a_cheaper_hash_is_made_again_and_a_dearer_one_kept(
    hachage: Sha512Crypt, rounds: int, a_refaire: bool
) -> None:
    verdict = await hachage.verifier("password", sha512_crypt.using(rounds=rounds).hash("password"))

    assert (verdict.juste, verdict.a_refaire) == (True, a_refaire)


async def test_a_hash_of_the_system_s_crypt_is_verified(hachage: Sha512Crypt) -> None:
    """The published vector of the algorithm's specification."""
    stockee = (
        "$6$rounds=10000$saltstringsaltst$OW1/O6BYHV6BcXZu8QVeXbDWra3Oeqh0sb"
        "HbbMCVNSnCM/UrjmM0Dp8vOuZeHBy/YTBmSK6H9qs/y3RnOaw5v."
    )
    assert (await hachage.verifier("Hello world!", stockee)).juste
    assert not (await hachage.verifier("Hello world?", stockee)).juste


async def test_a_wrong_password_makes_no_hash_again(hachage: Sha512Crypt) -> None:
    verdict = await hachage.verifier("faux", sha512_crypt.using(rounds=1000).hash("password"))

    assert (verdict.juste, verdict.a_refaire) == (False, False)


@pytest.mark.parametrize("mot_de_passe", ["", "leurre", "nul\0nul"])
async def test_nothing_opens_an_account_that_does_not_exist(
    hachage: Sha512Crypt, mot_de_passe: str
) -> None:
    assert not (await hachage.verifier(mot_de_passe, None)).juste


async def test_two_hashes_of_one_password_differ(hachage: Sha512Crypt) -> None:
    assert await hachage.hacher("Aa1!aaaa") != await hachage.hacher("Aa1!aaaa")


async def test_too_many_at_once_are_sent_away(hachage: Sha512Crypt) -> None:
    hachage._en_attente = 4

    with pytest.raises(Unavailable):
        await hachage.hacher("Aa1!aaaa")
