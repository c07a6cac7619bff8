"""What the simulated platform holds and how it answers, as a pure state machine."""

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from services.simulateur.erreurs import message
from services.simulateur.hasard import tirage

_PREMIER: Final = 100_000
_NOMBRE: Final = 900_000


class Etat(StrEnum):
    """What the read-back may say of an offer (domain.md §4.2)."""

    RIEN = "Aucune donnée à mettre à jour"
    VISIBLE = "Publié sur le MDR"
    AJOUTEE = "Clé ME ajoutée manuellement dans Parcoursup"
    ANNULEE = "Publication annulée suite à suppression de la formation dans Parcoursup"
    FERMEE = "Formation déclarée fermée dans Parcoursup"


@dataclass(frozen=True, slots=True)
class Reponse:
    """An answer: its HTTP status and JSON body."""

    status: int
    corps: dict[str, Any]


@dataclass(slots=True)
class Plateforme:
    """The offers by key, each with its state, and a count of all that was asked."""

    offres: dict[str, dict[str, Any]] = field(default_factory=dict)
    creations: Counter[str] = field(default_factory=Counter)
    envois: Counter[str] = field(default_factory=Counter)
    ordre: list[str] = field(default_factory=list)
    jours: int = 0

    def recevoir(self, charge: dict[str, Any]) -> Reponse:
        """Create or find an offer: one key has one `g_ta_cod`, whatever happens to the answers.

        A `g_ta_cod` of an earlier season is taken as it is told.
        """
        cle = str(charge.get("rco") or "")
        self.noter(cle)
        if not charge.get("uai") or not cle:
            return self.refuser("etablissement-inconnu-creation", charge)
        tenue = self.offres.get(cle)
        if tenue is None or tenue["etat"] == Etat.ANNULEE:
            self.offres[cle] = self._creer(cle, charge)
            self.creations[cle] += 1
            return Reponse(200, {"g_ta_cod": self.offres[cle]["g_ta_cod"], "dejaEnvoye": False})
        code = tenue["g_ta_cod"]
        if tenue["etat"] == Etat.FERMEE:
            return self.refuser("formation-fermee", {**charge, "g_ta_cod": code})
        if tenue["uai"] != charge["uai"]:
            motif = "rattachee-autre-uai" if charge.get("g_ta_cod") else "cle-autre-etablissement"
            return self.refuser(motif, charge, tenue["uai"])
        return Reponse(200, {"g_ta_cod": code, "dejaEnvoye": True})

    def noter(self, cle: str) -> None:
        """Count a sending that was understood."""
        self.envois[cle] += 1
        self.ordre.append(cle)

    def refuser(self, code: str, charge: dict[str, Any], connu: str | None = None) -> Reponse:
        """Return a refusal in the words of the real service."""
        return Reponse(400, {"message": message(code, charge, connu)})

    def poser(self, cle: str, etat: Etat, uai: str | None = None) -> dict[str, Any]:
        """Give an offer a state, as a person would in Parcoursup; one not sent yet is made."""
        if cle not in self.offres:
            self.offres[cle] = self._creer(cle, {"rco": cle, "uai": uai})
        self.offres[cle]["etat"] = etat
        return self.offres[cle]

    def passer_un_jour(self, graine: str, parts: dict[Etat, float]) -> Counter[str]:
        """Let a day go by: offers without news draw what becomes of them; return how many did."""
        self.jours += 1
        devenues: Counter[str] = Counter()
        for cle, offre in self.offres.items():
            if offre["etat"] != Etat.RIEN:
                continue
            seuil, tire = 0.0, tirage(graine, "jour", self.jours, cle)
            for etat, part in parts.items():
                seuil += part
                if tire < seuil:
                    offre["etat"] = etat
                    devenues[etat] += 1
                    break
        return devenues

    def relecture(self, statuts: dict[str, str]) -> list[dict[str, Any]]:
        """Return the complete read-back; `statuts` overrides the text of some keys."""
        return [
            {
                "g_ta_cod": offre["g_ta_cod"],
                "status": statuts.get(cle, offre["etat"]),
                "rco": cle,
            }
            for cle, offre in self.offres.items()
        ]

    def _creer(self, cle: str, charge: dict[str, Any]) -> dict[str, Any]:
        code = charge.get("g_ta_cod") or self._code(cle)
        return {**charge, "g_ta_cod": code, "etat": Etat.RIEN}

    def _code(self, cle: str) -> int:
        pris = {offre["g_ta_cod"] for offre in self.offres.values()}
        code = int.from_bytes(hashlib.blake2b(cle.encode(), digest_size=4).digest())
        code = _PREMIER + code % _NOMBRE
        while code in pris:
            code += 1
        return code
