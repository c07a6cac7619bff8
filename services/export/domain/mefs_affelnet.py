"""The MEF under which Affelnet knows an offer, and the text it shows when nobody wrote one (§2)."""

from collections.abc import Mapping
from typing import Any, Final

from contracts.statuts import Plateforme, Statut
from services.export.domain.regles import Candidate, JeuDeRegles

Mef = dict[str, Any]

_AF: Final = Plateforme.AFFELNET
_MEFS: Final = "bcn_mefs_10"
_DU_PLUS_SUR: Final = (Statut.A_PUBLIER, Statut.A_PUBLIER_VALIDATION)


def mefs_affelnet(document: Mapping[str, Any], jeu: JeuDeRegles) -> list[Mef]:
    """Return the MEF of an offer on Affelnet, with their durée and année.

    The one that Affelnet holds when an import covers the offer; else those of its own that the
    rules admit, each tried alone: the ones to publish, failing them to validate, failing them those
    that the académie admits by its own word.
    """
    projection = document["projection"]
    propres = projection.get(_MEFS) or ()
    couverte = ((document.get("couverture") or {}).get(_AF.value) or {}).get("mef")
    if couverte:
        trouves = [mef for mef in propres if mef["mef10"] == couverte]
        return [_mef(mef) for mef in trouves] or [_lu(couverte)]
    rangs: dict[int, list[Mef]] = {}
    for mef in propres:
        rang = _rang(jeu.gagnante(_AF, {**projection, _MEFS: [mef]}))
        if rang is not None:
            rangs.setdefault(rang, []).append(_mef(mef))
    return rangs[min(rangs)] if rangs else []


def _rang(gagnante: Candidate | None) -> int | None:
    if gagnante is None or gagnante.statut is Statut.NON_PUBLIABLE:
        return None
    if gagnante.surchargee:
        return len(_DU_PLUS_SUR)
    return _DU_PLUS_SUR.index(gagnante.statut) if gagnante.statut in _DU_PLUS_SUR else None


def _mef(mef: Mapping[str, Any]) -> Mef:
    modalite = {"duree": mef.get("duree"), "annee": mef.get("annee")}
    return {"mef10": mef["mef10"], "modalite": modalite}


def _lu(mef10: str) -> Mef:
    return {"mef10": mef10, "modalite": {"duree": mef10[8:9] or None, "annee": mef10[9:] or None}}


def infos_offre(document: Mapping[str, Any], mefs: list[Mef]) -> str | None:
    """Return what Affelnet shows: what the académie wrote, the import brought, or the MEF tells."""
    textes = (document.get("textes") or {}).get(_AF.value)
    if textes is not None:
        return textes.get("infos_offre") or None
    couverture = (document.get("couverture") or {}).get(_AF.value) or {}
    if couverture.get("infos"):
        return str(couverture["infos"])
    libelle = document["projection"].get("libelle_court")
    duree = mefs[0]["modalite"]["duree"] if len(mefs) == 1 else None
    if not libelle or not duree or not str(duree).isdecimal():
        return None
    return f"{libelle} en {duree} an{'s' if int(duree) > 1 else ''}"
