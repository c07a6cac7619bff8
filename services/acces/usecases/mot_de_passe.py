"""Passwords: forgotten, chosen by a one-time link, changed; each change ends all sessions."""

from dataclasses import replace
from datetime import datetime

from services.acces.domain import courriels
from services.acces.domain.comptes import Compte, forme
from services.acces.domain.mots_de_passe import manques
from services.acces.ports import Transaction
from services.acces.usecases.connexion import IdentifiantsRefuses
from services.acces.usecases.moyens import Moyens, identite
from services.kernel.clock import now_as_stored
from services.kernel.problem import BadRequest, Unauthorized


class MotDePasseFaible(BadRequest):
    """The password is not what is asked for; `manques` tells what it lacks."""

    def __init__(self, manque: list[str]) -> None:
        """Name what is lacking."""
        super().__init__(
            f"Ce mot de passe ne convient pas. Il faut : {', '.join(manque)}.",
            code="mot_de_passe_faible",
            title="Mot de passe trop faible",
            extra={"manques": manque},
        )


async def demander_oubli(moyens: Moyens, nom: str) -> None:
    """Send a one-time link to the holder of an active account; for anybody else do nothing.

    To be called when the caller has had an answer, which therefore cannot depend on it. Raises
    `Retry`, `Undeliverable`.
    """
    compte = await moyens.comptes.par_nom(forme(nom))
    if compte is None or not compte.profil.actif:
        return
    jeton = await jeton_de(moyens, compte, moyens.horloge.now() + moyens.oubli)
    minutes = int(moyens.oubli.total_seconds() // 60)
    texte = courriels.oubli(compte.profil.nom, moyens.lien(jeton), minutes)
    await moyens.courrier.envoyer(compte.profil.nom, compte.profil.courriel, texte)


async def jeton_de(moyens: Moyens, compte: Compte, expire_le: datetime) -> str:
    """Return a new one-time token of an account."""
    return await moyens.comptes.transaction(lambda tr: tr.emettre_jeton(compte.id, expire_le))


async def choisir(moyens: Moyens, jeton: str, nouveau: str) -> Compte:
    """Set the password of the account that a one-time token names, which is then used up.

    Raises:
        MotDePasseFaible: the token may be used again.
        Unauthorized: the token is unknown, used or too old, or the account is closed.
    """
    _exiger(nouveau)
    empreinte = await moyens.hachage.hacher(nouveau)

    async def travail(tr: Transaction) -> Compte:
        identifiant = await tr.prendre_jeton(jeton, moyens.horloge.now())
        compte = await tr.compte(identifiant) if identifiant else None
        if compte is None or not compte.profil.actif:
            raise Unauthorized(
                "Ce lien n'est plus valable : il a déjà servi ou il est trop ancien. Demandez-en "
                "un autre par « Mot de passe oublié ».",
                code="jeton_invalide",
                title="Lien périmé",
            )
        return await _poser(tr, moyens, compte, empreinte)

    return await moyens.comptes.transaction(travail)


async def changer(moyens: Moyens, compte: str, actuel: str, nouveau: str) -> tuple[Compte, str]:
    """Set the password of a person who tells the present one; return a new session's token.

    Raises `MotDePasseFaible`, `IdentifiantsRefuses`.
    """
    _exiger(nouveau)
    connu = await moyens.comptes.par_id(compte)
    verdict = await moyens.hachage.verifier(actuel, connu.empreinte if connu else None)
    if connu is None or not verdict.juste:
        raise IdentifiantsRefuses
    empreinte = await moyens.hachage.hacher(nouveau)

    async def travail(tr: Transaction) -> tuple[Compte, str]:
        present = await tr.compte(compte)
        if present is None or present.mot_de_passe_le != connu.mot_de_passe_le:
            raise IdentifiantsRefuses
        pose = await _poser(tr, moyens, present, empreinte)
        return pose, await tr.ouvrir_session(identite(pose))

    return await moyens.comptes.transaction(travail)


async def prevenir_du_changement(moyens: Moyens, compte: Compte) -> None:
    """Tell the holder that the password is another one; raises `Retry`, `Undeliverable`."""
    texte = courriels.change(compte.profil.nom)
    await moyens.courrier.envoyer(compte.profil.nom, compte.profil.courriel, texte)


def _exiger(mot_de_passe: str) -> None:
    if manque := manques(mot_de_passe):
        raise MotDePasseFaible(manque)


async def _poser(tr: Transaction, moyens: Moyens, compte: Compte, empreinte: str) -> Compte:
    pose = replace(compte, empreinte=empreinte, mot_de_passe_le=now_as_stored(moyens.horloge))
    await tr.remplacer(pose)
    await tr.fermer_sessions(compte.id)
    await tr.oublier_jetons(compte.id)
    return pose
