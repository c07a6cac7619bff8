"""Subscribing to notices: asked for by a holder, accepted by who reads the address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

from services.export.domain.abonnements import (
    Espece,
    Etat,
    Frequence,
    Issue,
    Rythme,
    Usage,
    destinataire,
    expire,
    jeton_valable,
)
from services.export.ports import Document
from services.kernel.clock import Clock, now_as_stored
from services.kernel.ids import Ids
from services.kernel.mail import is_address
from services.kernel.problem import Conflict, Erreur, Invalid, NotFound

_ESSAIS_MAX: Final = 5


class Abonnements(Protocol):
    """The subscriptions."""

    async def ajouter(self, abonnement: Mapping[str, Any]) -> bool:
        """Insert a subscription; False when its address follows this reader already."""
        ...

    async def un(self, identifiant: str) -> Document | None:
        """Return a subscription."""
        ...

    async def de(self, destinataire: str, adresse: str) -> Document | None:
        """Return the subscription of an address to a reader's notices."""
        ...

    async def compter(self, auteur: str) -> int:
        """Return how many subscriptions a holder asked for."""
        ...

    async def changer(
        self, abonnement: Mapping[str, Any], valeurs: Mapping[str, Any]
    ) -> Document | None:
        """Set values of a subscription that is still as it was read; None when it is not."""
        ...

    async def finir(self, identifiant: str) -> None:
        """Forget a subscription; idempotent."""
        ...


@dataclass(frozen=True, slots=True)
class Demande:
    """What a holder asks for, on the platforms that he may read."""

    espece: Espece
    code: str
    frequence: Frequence
    adresse: str
    plateformes: Sequence[str]
    auteur: str


class Abonner:
    """The life of a subscription, mails apart."""

    def __init__(
        self,
        abonnements: Abonnements,
        horloge: Clock,
        ids: Ids,
        rythme: Rythme,
        *,
        poivre: str,
        maximum: int,
    ) -> None:
        """Allow each holder `maximum` subscriptions; links are signed with `poivre`."""
        self._abonnements = abonnements
        self._horloge = horloge
        self._ids = ids
        self._rythme = rythme
        self._poivre = poivre
        self._maximum = maximum

    async def demander(self, demande: Demande) -> tuple[Document, bool]:
        """Return the subscription that was asked for, and whether it is new.

        Asked for again by its author, it takes the new frequency; one that was never confirmed in
        time or whose address was refused is to be confirmed again.

        Raises:
            Invalid: the address is none.
            Conflict: somebody else's, or one more than a holder may have.
        """
        adresse = demande.adresse.strip()
        if not is_address(adresse):
            raise Invalid(
                "Cette adresse de courriel n'est pas valable.",
                [Erreur("adresse", "adresse_invalide", "Attendu : nom@domaine.fr, seule.")],
                code="adresse_invalide",
            )
        lecteur = destinataire(demande.espece, demande.code)
        nouveau = {
            "_id": self._ids.new(),
            "destinataire": lecteur,
            "espece": demande.espece.value,
            "code": demande.code,
            "frequence": demande.frequence.value,
            "adresse": adresse,
            "plateformes": list(demande.plateformes),
            "auteur": demande.auteur,
            "etat": Etat.A_CONFIRMER.value,
            "demandes": 1,
            "demande_le": self._maintenant(),
        }
        tenu = await self._abonnements.de(lecteur, adresse)
        if tenu is None:
            await self._verifier_le_nombre(demande.auteur)
            if await self._abonnements.ajouter(nouveau):
                return nouveau, True
        return await self._reprendre(lecteur, adresse, demande), False

    async def confirmer(self, identifiant: str, jeton: str) -> Document:
        """Return a subscription that the reader of its address accepts.

        Raises:
            NotFound: the link is wrong, was used, or came too late.
        """
        for _ in range(_ESSAIS_MAX):
            abonnement = await self._trouver(identifiant, jeton)
            instant = self._maintenant()
            actif = {"etat": Etat.ACTIF.value, "confirme_le": instant}
            change = await self._abonnements.changer(abonnement, actif)
            if change is not None:
                return change
        raise Conflict("Cet abonnement change au même moment ; recommencez.", code="abonnement")

    async def a_confirmer(self, identifiant: str, jeton: str) -> Document:
        """Return the subscription that a link would confirm; raises as `confirmer`."""
        return await self._trouver(identifiant, jeton)

    def verifier_le_depart(self, identifiant: str, jeton: str) -> None:
        """Return if a link ends a subscription, ended or not; raises `NotFound`."""
        if not jeton_valable(self._poivre, Usage.DESABONNER, {"_id": identifiant}, jeton):
            raise _lien_invalide()

    async def desabonner(self, identifiant: str, jeton: str) -> None:
        """End a subscription by the link of its mails; once ended, it stays so.

        Raises:
            NotFound: the link is wrong.
        """
        self.verifier_le_depart(identifiant, jeton)
        await self._abonnements.finir(identifiant)

    async def supprimer(self, identifiant: str, auteur: str | None) -> None:
        """End a subscription of a holder, or anybody's when None.

        Raises:
            NotFound: there is none of his.
        """
        abonnement = await self._abonnements.un(identifiant)
        if abonnement is None or (auteur is not None and abonnement["auteur"] != auteur):
            raise NotFound(f"Aucun abonnement « {identifiant} ».", code="abonnement_inconnu")
        await self._abonnements.finir(identifiant)

    async def _reprendre(self, lecteur: str, adresse: str, demande: Demande) -> Document:
        for _ in range(_ESSAIS_MAX):
            tenu = await self._abonnements.de(lecteur, adresse)
            if tenu is None or tenu["auteur"] != demande.auteur:
                break
            valeurs: Document = {
                "frequence": demande.frequence.value,
                "plateformes": list(demande.plateformes),
            }
            if self._redemander(tenu):
                valeurs |= {
                    "etat": Etat.A_CONFIRMER.value,
                    "demandes": tenu["demandes"] + 1,
                    "demande_le": self._maintenant(),
                    "courrier": None,
                }
            change = await self._abonnements.changer(tenu, valeurs)
            if change is not None:
                return change
        raise Conflict(
            "Cette adresse suit déjà ces avis, à la demande d'une autre personne.",
            code="abonnement_existant",
        )

    def _redemander(self, tenu: Document) -> bool:
        # A mail of confirmation may be asked for again, not made to rain.
        if tenu["etat"] == Etat.SUSPENDU:
            return True
        perdu = (tenu.get("courrier") or {}).get("issue") == Issue.INCONNUE
        return expire(tenu, self._maintenant(), self._rythme) or (
            tenu["etat"] == Etat.A_CONFIRMER and perdu
        )

    async def _verifier_le_nombre(self, auteur: str) -> None:
        if await self._abonnements.compter(auteur) >= self._maximum:
            raise Conflict(
                f"Au plus {self._maximum} abonnements par titulaire ; supprimez-en.",
                code="trop_d_abonnements",
            )

    async def _trouver(self, identifiant: str, jeton: str) -> Document:
        abonnement = await self._abonnements.un(identifiant)
        if (
            abonnement is None
            or abonnement["etat"] != Etat.A_CONFIRMER
            or expire(abonnement, self._maintenant(), self._rythme)
            or not jeton_valable(self._poivre, Usage.CONFIRMER, abonnement, jeton)
        ):
            raise _lien_invalide()
        return abonnement

    def _maintenant(self) -> datetime:
        return now_as_stored(self._horloge)


def _lien_invalide() -> NotFound:
    return NotFound(
        "Ce lien n'est pas valable : il a déjà servi, a expiré ou est incomplet.",
        code="lien_invalide",
        title="Lien invalide",
    )
