"""Sign in: one answer for an unknown name, a wrong password and an account that is closed."""

from dataclasses import replace

from services.acces.domain.comptes import Compte, forme
from services.acces.ports import Transaction
from services.acces.usecases.moyens import Moyens, identite
from services.kernel.clock import now_as_stored
from services.kernel.problem import Unauthorized


class IdentifiantsRefuses(Unauthorized):
    """The name or the password is not right; which of them is told to nobody."""

    def __init__(self) -> None:
        """Say the only thing that is said."""
        super().__init__(
            "L'identifiant ou le mot de passe n'est pas le bon.",
            code="identifiants_refuses",
            title="Connexion refusée",
        )


async def se_connecter(moyens: Moyens, nom: str, mot_de_passe: str) -> tuple[Compte, str]:
    """Return the account and the token of a new session; raises `IdentifiantsRefuses`.

    The same work is done whether the account exists or not. A hash that has become too cheap is
    made again, which no one but its holder makes possible.
    """
    compte = await moyens.comptes.par_nom(forme(nom))
    verdict = await moyens.hachage.verifier(mot_de_passe, compte.empreinte if compte else None)
    if compte is None or compte.empreinte is None or not verdict.juste or not compte.profil.actif:
        raise IdentifiantsRefuses
    if verdict.a_refaire:
        nouvelle = await moyens.hachage.hacher(mot_de_passe)
        await moyens.comptes.rehacher(compte.id, compte.empreinte, nouvelle)
    return await moyens.comptes.transaction(lambda tr: _ouvrir(tr, moyens, compte))


async def _ouvrir(tr: Transaction, moyens: Moyens, verifie: Compte) -> tuple[Compte, str]:
    """Open the session on the account as it is now: closed or changed meanwhile, it is refused.

    The account is written along, so that a change of it at the same moment is not missed.
    """
    compte = await tr.compte(verifie.id)
    if compte is None or not compte.profil.actif:
        raise IdentifiantsRefuses
    if compte.mot_de_passe_le != verifie.mot_de_passe_le:
        raise IdentifiantsRefuses
    vu = replace(compte, vu_le=now_as_stored(moyens.horloge))
    await tr.remplacer(vu)
    return vu, await tr.ouvrir_session(identite(vu))
