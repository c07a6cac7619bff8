"""Accounts managed by administrators: opened, changed, closed, invited again."""

from collections.abc import Iterable
from dataclasses import replace

from services.acces.domain import courriels
from services.acces.domain.comptes import (
    Compte,
    Profil,
    erreurs_d_identifiant,
    erreurs_de_profil,
)
from services.acces.domain.mots_de_passe import cout
from services.acces.ports import Transaction
from services.acces.usecases.mot_de_passe import jeton_de
from services.acces.usecases.moyens import Moyens, identite
from services.kernel.clock import now_as_stored
from services.kernel.problem import (
    Conflict,
    Erreur,
    Forbidden,
    Invalid,
    NotFound,
    PreconditionFailed,
)

_JOUR_S = 86_400


async def creer(
    moyens: Moyens,
    auteur: str,
    identifiant: str,
    profil: Profil,
    empreinte: str | None,
    cout_max: int,
) -> Compte:
    """Open an account; `empreinte` is the stored hash of the historic system, taken over as it is.

    Raises `Invalid` with every error; `Conflict` when a name is taken.
    """
    _exiger([*erreurs_d_identifiant(identifiant), *_erreurs(moyens, profil)])
    if empreinte is not None and not 0 < (cout(empreinte) or 0) <= cout_max:
        _exiger([_EMPREINTE_REFUSEE])
    instant = now_as_stored(moyens.horloge)
    compte = Compte(
        id=moyens.ids.new(),
        identifiant=identifiant,
        profil=profil,
        empreinte=empreinte,
        mot_de_passe_le=instant if empreinte else None,
        version=1,
        cree_le=instant,
        modifie_le=instant,
        modifie_par=auteur,
    )

    async def travail(tr: Transaction) -> None:
        await tr.creer(compte)
        await tr.journaliser(compte)

    await moyens.comptes.transaction(travail)
    return compte


async def inviter(moyens: Moyens, identifiant: str) -> None:
    """Send the link by which the holder of an active account chooses a password.

    Raises `NotFound`, `Conflict` for a closed account, `Retry`, `Undeliverable`.
    """
    compte = await lire(moyens, identifiant)
    if not compte.profil.actif:
        raise Conflict("Ce compte est fermé : rouvrez-le d'abord.", code="compte_ferme")
    jeton = await jeton_de(moyens, compte, moyens.horloge.now() + moyens.invitation)
    jours = int(moyens.invitation.total_seconds() // _JOUR_S)
    profil = compte.profil
    texte = courriels.bienvenue(profil.nom, compte.identifiant, moyens.lien(jeton), jours)
    await moyens.courrier.envoyer(profil.nom, profil.courriel, texte)


async def lire(moyens: Moyens, identifiant: str) -> Compte:
    """Return an account; raises `NotFound`."""
    return _present(await moyens.comptes.par_id(identifiant), identifiant)


async def modifier(
    moyens: Moyens, auteur: str, identifiant: str, version: int, profil: Profil
) -> Compte:
    """Replace the profile of an account; closing it ends its sessions and links at once.

    Raises:
        Invalid: with every error.
        NotFound, PreconditionFailed: nothing there; changed since `version`.
        Forbidden: an administrator would change his own powers.
        Conflict: no active administrator would be left; the address is another account's.
    """
    _exiger(_erreurs(moyens, profil))

    async def travail(tr: Transaction) -> Compte:
        compte = _present(await tr.compte(identifiant), identifiant)
        _refuser_la_version(compte, version)
        _refuser_pour_soi(compte, profil, auteur)
        if compte.profil.administre and not profil.administre:
            await _refuser_le_dernier(tr, compte)
        change = replace(
            compte,
            profil=profil,
            version=compte.version + 1,
            modifie_le=now_as_stored(moyens.horloge),
            modifie_par=auteur,
        )
        await tr.remplacer(change)
        await tr.journaliser(change)
        await _repercuter(tr, change)
        return change

    return await moyens.comptes.transaction(travail)


async def _repercuter(tr: Transaction, compte: Compte) -> None:
    if compte.profil.actif:
        await tr.informer_sessions(identite(compte))
    else:
        await tr.fermer_sessions(compte.id)
        await tr.oublier_jetons(compte.id)


def _present(compte: Compte | None, identifiant: str) -> Compte:
    if compte is None:
        raise NotFound(f"Aucun compte « {identifiant} ».", code="compte_inconnu")
    return compte


def _refuser_la_version(compte: Compte, vue: int) -> None:
    if compte.version != vue:
        raise PreconditionFailed(
            f"Ce compte a été changé par {compte.modifie_par} depuis votre lecture ; relisez-le.",
            extra={"version": compte.version, "modifie_par": compte.modifie_par},
        )


def _refuser_pour_soi(compte: Compte, profil: Profil, auteur: str) -> None:
    if compte.id == auteur and compte.profil.pouvoirs != profil.pouvoirs:
        raise Forbidden(
            "Nul ne change son propre rôle ni ses propres portées, ni ne ferme son propre compte : "
            "demandez-le à un autre administrateur.",
            code="compte_propre",
        )


async def _refuser_le_dernier(tr: Transaction, compte: Compte) -> None:
    if await tr.autres_administrateurs(compte.id) == 0:
        raise Conflict(
            "C'est le dernier administrateur : nommez-en un autre d'abord.",
            code="dernier_administrateur",
        )


def _erreurs(moyens: Moyens, profil: Profil) -> Iterable[Erreur]:
    yield from erreurs_de_profil(profil)
    if not moyens.courrier.joignable(profil.courriel):
        yield Erreur(
            "courriel",
            "courriel_invalide",
            "Ce n'est pas une adresse de courriel.",
            "Donnez une seule adresse, sans nom : prenom.nom@domaine.fr.",
        )


def _exiger(erreurs: Iterable[Erreur]) -> None:
    if liste := list(erreurs):
        raise Invalid("Ce compte contient des valeurs à corriger.", liste)


_EMPREINTE_REFUSEE = Erreur(
    "empreinte",
    "empreinte_refusee",
    "Ce n'est pas une empreinte SHA-512 crypt d'un coût admis.",
    "Laissez ce champ vide : la personne choisira un mot de passe.",
)
