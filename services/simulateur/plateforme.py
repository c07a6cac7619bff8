"""What the simulated platform holds and how it answers, as a pure state machine."""

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

_PREMIER: Final = 100_000
_NOMBRE: Final = 900_000
DEJA_LA: Final = "Le code RCO {cle} existe dejà sur un autre établissement {uai}"
SANS_UAI: Final = "Impossible de créer : Établissement inconnu"
RIEN_A_METTRE_A_JOUR: Final = "Aucune donnée à mettre à jour"


@dataclass(frozen=True, slots=True)
class Reponse:
    """An answer: its HTTP status and JSON body."""

    status: int
    corps: dict[str, Any]


@dataclass(slots=True)
class Plateforme:
    """The offers created, by key, and a count of all that was asked."""

    offres: dict[str, dict[str, Any]] = field(default_factory=dict)
    creations: Counter[str] = field(default_factory=Counter)
    envois: Counter[str] = field(default_factory=Counter)
    ordre: list[str] = field(default_factory=list)

    def recevoir(self, charge: dict[str, Any]) -> Reponse:
        """Create or find an offer: one key has one `g_ta_cod`, whatever happens to the answers."""
        cle = str(charge.get("rco") or "")
        uai = charge.get("uai")
        self.envois[cle] += 1
        self.ordre.append(cle)
        if not uai or not cle:
            return Reponse(400, {"message": SANS_UAI})
        tenue = self.offres.get(cle)
        if tenue is not None and tenue["uai"] != uai:
            return Reponse(400, {"message": DEJA_LA.format(cle=cle, uai=tenue["uai"])})
        if tenue is None:
            self.offres[cle] = {**charge, "g_ta_cod": self._code(cle)}
            self.creations[cle] += 1
        code = self.offres[cle]["g_ta_cod"]
        return Reponse(200, {"g_ta_cod": code, "dejaEnvoye": tenue is not None})

    def relecture(self, statuts: dict[str, str]) -> list[dict[str, Any]]:
        """Return the complete read-back; `statuts` gives the text of some keys."""
        return [
            {
                "g_ta_cod": offre["g_ta_cod"],
                "status": statuts.get(cle, RIEN_A_METTRE_A_JOUR),
                "rco": cle,
            }
            for cle, offre in self.offres.items()
        ]

    def _code(self, cle: str) -> int:
        pris = {offre["g_ta_cod"] for offre in self.offres.values()}
        code = _PREMIER + int.from_bytes(hashlib.blake2b(cle.encode(), digest_size=4).digest())
        code = _PREMIER + (code - _PREMIER) % _NOMBRE
        while code in pris:
            code += 1
        return code
