"""When an offer starts (domain.md §1.3): months, dates and the years they touch, its sessions.

Parallel lists stay as collected, in their order. Nothing is made up: months alone give no day.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from contracts.evenements import Confiance
from contracts.identifiants import dates, modalite
from contracts.identifiants.periode import annees, lire
from contracts.identifiants.sessions import annees_attendues, annees_entre, apparier, decaler
from services.enrich.domain.constats import Constat, Constats, constat

_ANS_AVANT: Final = 6
_ANS_APRES: Final = 5
_DECENNIE: Final = 10
_PROCHE_ANS: Final = 0.4
_CITEES_MAX: Final = 3
_LISTES: Final = (
    "date_debut",
    "date_fin",
    "modalites_entrees_sorties",
    "effectif_minimal",
    "capacite_simultanee",
    "capacite_cumulee",
)


class Calendrier:
    """The sessions of offers as of a day: a start more than some years away is doubted."""

    def __init__(self, jour: date) -> None:
        """Judge starts from this day."""
        self._premier = decaler(jour.isoformat(), -_ANS_AVANT) or ""
        self._dernier = decaler(jour.isoformat(), _ANS_APRES) or "9999"

    def dater(self, offre: Mapping[str, Any]) -> tuple[dict[str, Any], Constats]:
        """Return the session fields of an offer, and what is doubtful in its starts."""
        lire_champ = offre.get
        periode = lire_champ("periode") or []
        mois = periode if all(map(_est_mois, periode)) else lire(periode).mois
        champs = {champ: lire_champ(champ) or [] for champ in _LISTES}
        champs["periode"] = mois
        champs["tags"] = annees(mois)
        champs["sessions"] = _apparier(offre, champs) if champs["date_fin"] else []
        debuts = champs["date_debut"] or mois
        if debuts and (min(debuts) < self._premier or max(debuts) > self._dernier):
            return champs, self._lointaines(offre, champs)
        return champs, ()

    def _lointaines(self, offre: Mapping[str, Any], champs: Mapping[str, Any]) -> Constats:
        champ = "date_debut" if champs["date_debut"] else "periode"
        debuts = champs[champ]
        doutes = [debut for debut in debuts if not self._premier <= debut <= self._dernier]
        corriges = [self._corriger(debut, offre, champs) for debut in doutes]
        cites = ", ".join(doutes[:_CITEES_MAX])
        proposes = {
            doute: propose for doute, (propose, _) in zip(doutes, corriges, strict=True) if propose
        }
        if len(proposes) < len(set(doutes)):
            return (constat("date_debut_lointaine", champ, cites),)
        sures = all(sure for _, sure in corriges)
        return (self._proposer(champ, cites, debuts, proposes, sures=sures),)

    def _proposer(
        self,
        champ: str,
        cites: str,
        debuts: Sequence[str],
        proposes: Mapping[str, str],
        *,
        sures: bool,
    ) -> Constat:
        raison = (
            "Dans cette année-là, la date s'accorde avec le reste de l'offre."
            if sures
            else "À dix ans près, ce serait une rentrée proche."
        )
        corriges = [proposes.get(debut, debut) for debut in debuts]
        return constat(
            "date_debut_lointaine",
            champ,
            cites,
            ", ".join([*proposes.values()][:_CITEES_MAX]),
            raison=raison,
            confiance=Confiance.MOYENNE if sures else Confiance.FAIBLE,
            correction={champ: sorted({*corriges}) if champ == "periode" else corriges},
        )

    def _corriger(
        self, debut: str, offre: Mapping[str, Any], champs: Mapping[str, Any]
    ) -> tuple[str | None, bool]:
        """Return the start in a near year, None when none is likely, and whether it is vouched."""
        if champs["date_debut"]:
            if not dates.est_valide(debut):
                return None, False
            trouve = _selon_la_periode(debut, champs["periode"]) or _selon_la_fin(offre, champs)
            if trouve is not None and self._premier <= trouve <= self._dernier:
                return trouve, True
        sens = _DECENNIE if debut < self._premier else -_DECENNIE
        jour = debut if champs["date_debut"] else f"{debut}-01"
        decale = decaler(jour, sens) if dates.est_valide(jour) else None
        if decale is None or not self._premier <= decale <= self._dernier:
            return None, False
        return decale[: len(debut)], False


def _apparier(offre: Mapping[str, Any], champs: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the sessions that starts and ends make, each with its number of places if known."""
    debuts, fins = champs["date_debut"], champs["date_fin"]
    try:
        paires = apparier(debuts, fins, **_modalites(offre))
    except ValueError:  # a date that is none: deposited offers have been read, edits may not be
        return []
    places = champs["capacite_simultanee"]
    if len(places) == len(debuts) == len(fins):
        places = [places[rang] for rang in sorted(range(len(debuts)), key=debuts.__getitem__)]
    else:
        places = [modalite.capacite(offre.get("capacite"))] * len(paires)
    return [
        {"debut": debut, "fin": fin, "capacite": nombre}
        for (debut, fin), nombre in zip(paires, places, strict=True)
    ]


def _selon_la_periode(debut: str, mois: Sequence[str]) -> str | None:
    """Return the start in the only year of the period that has its month."""
    candidats = {m[:4] for m in mois if m[5:7] == debut[5:7] and m[:4] != debut[:4]}
    if len(candidats) != 1:
        return None
    return decaler(debut, int(candidats.pop()) - int(debut[:4]))


def _selon_la_fin(offre: Mapping[str, Any], champs: Mapping[str, Any]) -> str | None:
    """Return the start of an only session that lasts from there to its end as the durée says."""
    if len(champs["date_debut"]) != 1 or len(champs["date_fin"]) != 1 or not offre.get("duree"):
        return None
    (debut,), (fin,) = champs["date_debut"], champs["date_fin"]
    if not dates.est_valide(fin):
        return None
    ans = annees_attendues(**_modalites(offre))
    corrige = decaler(debut, round(annees_entre(debut, fin) - ans))
    if corrige is None or abs(annees_entre(corrige, fin) - ans) > _PROCHE_ANS:
        return None
    return corrige


def _modalites(offre: Mapping[str, Any]) -> dict[str, int | None]:
    return {
        champ: modalite.en_nombre(modalite.normaliser(offre.get(champ)))
        for champ in ("duree", "annee")
    }


def _est_mois(texte: object) -> bool:
    return isinstance(texte, str) and len(texte) == 7 and texte[4] == "-"
