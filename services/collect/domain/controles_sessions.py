"""What the sessions, durée and année of an offer say of each other (domain.md §1.3).

Each finding says what was understood; its proposal keeps the order of the starts, which the other
lists of an offer follow by rank.
"""

from typing import Any, Final

from contracts.constats import libelle
from contracts.evenements import Confiance
from contracts.identifiants import modalite, periode
from contracts.identifiants.sessions import (
    annees_attendues,
    annees_entre,
    apparier,
    decaler,
)
from services.collect.domain.constat import Constat, constat, proposer
from services.collect.domain.lecture_champs import Offre

_MOIS_MAX: Final = 24
_PARALLELES: Final[tuple[str, ...]] = (
    "date_debut",
    "date_fin",
    "modalites_entrees_sorties",
    "effectif_minimal",
    "capacite_simultanee",
    "capacite_cumulee",
)
_PROCHE_ANS: Final = 0.4
_ANNEE_HORS_CURSUS: Final = "9"
_RENTREE: Final = "09"


def controler_sessions(offre: Offre, lus: set[str], constats: list[Constat]) -> None:
    """Add the findings on the lists of an offer; `lus` are the codes that reading it gave."""
    lire = offre.get
    debuts, fins = lire("date_debut"), lire("date_fin")
    if not debuts and "date_illisible" not in lus:
        constats.append(constat("dates_absentes", "date_debut"))
    longueurs = {champ: len(offre[champ]) for champ in _PARALLELES if champ in offre}
    if len(set(longueurs.values())) > 1:
        constats.append(_inegales(offre, longueurs))
    elif debuts and fins and any(fin < debut for debut, fin in zip(debuts, fins, strict=True)):
        constats.append(_renversees(offre, debuts, fins))
    mois = len(lire("periode", ()))
    if mois > _MOIS_MAX:
        constats.append(constat("plus_de_24_mois", "periode", f"{mois} mois"))
    duree, annee = lire("duree"), lire("annee")
    if duree and annee and annee > duree and _en_conflit(duree, annee):
        constats.append(_annee_superieure(offre, int(duree), int(annee)))
    if "periode_annee_scolaire" in lus:
        for fait in constats:
            if fait["code"] == "periode_annee_scolaire":
                _proposer_des_mois(fait, offre)


def _inegales(offre: Offre, longueurs: dict[str, int]) -> Constat:
    dites = ", ".join(f"{libelle(champ)} : {n}" for champ, n in longueurs.items())
    fait = constat("listes_inegales", "date_debut", dites)
    debuts, fins = offre.get("date_debut", []), offre.get("date_fin", [])
    if debuts and fins and len(debuts) != len(fins):
        ans = _ans(offre)
        paires = apparier(debuts, fins, **_modalites(offre))
        sures = all(abs(annees_entre(*paire) - ans) <= _PROCHE_ANS for paire in paires)
        proposer(
            fait,
            " ; ".join(f"du {debut} au {fin}" for debut, fin in paires),
            f"Chaque date de la liste la plus courte va avec celle qui laisse environ {ans} an(s).",
            Confiance.MOYENNE if sures else Confiance.FAIBLE,
            {"date_debut": [p.debut for p in paires], "date_fin": [p.fin for p in paires]},
        )
    elif seules := {c: offre[c] for c, n in longueurs.items() if n == 1 and c != "date_debut"}:
        nombre = max(longueurs.values())
        proposer(
            fait,
            "la même valeur pour chaque session",
            "Une valeur donnée une seule fois vaut sans doute pour toutes les sessions.",
            Confiance.MOYENNE,
            {champ: valeurs * nombre for champ, valeurs in seules.items()},
        )
    return fait


def _renversees(offre: Offre, debuts: list[str], fins: list[str]) -> Constat:
    """Explain sessions that end before they start: lists in two orders, or dates exchanged."""
    premiere = next(f"{d} – {f}" for d, f in zip(debuts, fins, strict=True) if f < d)
    fait = constat("date_fin_avant_debut", "date_fin", premiere)
    rangees = _dans_l_ordre_des_debuts(debuts, sorted(fins))
    if all(debut <= fin for debut, fin in zip(debuts, rangees, strict=True)):
        raison = "Rangées par date, chaque fin suit son début : les listes sont dans deux ordres."
        _proposer_des_sessions(fait, debuts, rangees, raison, Confiance.MOYENNE)
        return fait
    ans = _ans(offre)
    if offre.get("duree", modalite.NON_COLLECTE) != modalite.NON_COLLECTE:
        corrigees = [
            fin if debut <= fin else _fin_attendue(debut, fin, ans)
            for debut, fin in zip(debuts, fins, strict=True)
        ]
        if all(corrigees):
            raison = f"Finie cette année-là, la session dure {ans} an(s), comme la durée le dit."
            _proposer_des_sessions(fait, debuts, corrigees, raison, Confiance.MOYENNE)
            return fait
    paires = [sorted(paire) for paire in zip(debuts, fins, strict=True)]
    raison = "Le début et la fin ont pu être échangés."
    _proposer_des_sessions(
        fait, [p[0] for p in paires], [p[1] for p in paires], raison, Confiance.FAIBLE
    )
    return fait


def _dans_l_ordre_des_debuts(debuts: list[str], fins: list[str]) -> list[str]:
    rangs = sorted(range(len(debuts)), key=debuts.__getitem__)
    rangees = [""] * len(debuts)
    for rang, fin in zip(rangs, fins, strict=True):
        rangees[rang] = fin
    return rangees


def _fin_attendue(debut: str, fin: str, ans: int) -> str | None:
    """Return the same end in the year that gives the session its length; None when none does."""
    manque = round(ans - annees_entre(debut, fin))
    corrigee = decaler(fin, manque)
    if corrigee is None or abs(annees_entre(debut, corrigee) - ans) > _PROCHE_ANS:
        return None
    return corrigee


def _proposer_des_sessions(
    fait: Constat, debuts: list[str], fins: list[Any], raison: str, confiance: Confiance
) -> None:
    texte = " ; ".join(f"du {debut} au {fin}" for debut, fin in zip(debuts, fins, strict=True))
    proposer(fait, texte, raison, confiance, {"date_debut": debuts, "date_fin": fins})


def _en_conflit(duree: str, annee: str) -> bool:
    return modalite.NON_COLLECTE not in {duree, annee} and annee != _ANNEE_HORS_CURSUS


def _annee_superieure(offre: Offre, duree: int, annee: int) -> Constat:
    """Explain an année above the durée: a durée that is what remains, or the two exchanged."""
    fait = constat("annee_superieure_a_la_duree", "annee", f"année {annee}, durée {duree} an(s)")
    paires = apparier(offre.get("date_debut", []), offre.get("date_fin", []), duree=duree, annee=1)
    longueurs = {round(annees_entre(*paire)) for paire in paires}
    if longueurs == {duree}:
        entiere = str(annee + duree - 1)
        raison = f"Les sessions durent {duree} an(s) : c'est ce qui reste à partir de cette année."
        correction = {"duree": entiere}
        proposer(fait, f"durée {entiere} ans", raison, Confiance.MOYENNE, correction)
    elif longueurs == {annee}:
        raison = f"Les sessions durent {annee} an(s) : durée et année ont été échangées."
        correction = {"duree": str(annee), "annee": str(duree)}
        texte = f"durée {annee} ans, année {duree}"
        proposer(fait, texte, raison, Confiance.MOYENNE, correction)
    else:
        raison = "On n'entre dans une année que si la formation en compte au moins autant."
        correction = {"duree": str(annee)}
        proposer(fait, f"durée {annee} ans", raison, Confiance.FAIBLE, correction)
    return fait


def _proposer_des_mois(fait: Constat, offre: Offre) -> None:
    debut = periode.annee_scolaire(fait["valeur"])
    if debut is None:  # the value was cut to be quoted
        return
    bornes = f"{debut}-08", f"{debut + 1}-07"
    dates = {jour[:7] for jour in offre.get("date_debut", ())}
    entrees = {mois for mois in dates if bornes[0] <= mois <= bornes[1]}
    mois = sorted(entrees) or [f"{debut}-{_RENTREE}"]
    raison = (
        "Ce sont les mois de cette année scolaire où des sessions de l'offre commencent."
        if entrees
        else "La plupart des entrées se font en septembre."
    )
    confiance = Confiance.MOYENNE if entrees else Confiance.FAIBLE
    tous = sorted({*offre.get("periode", ()), *mois})
    proposer(fait, ", ".join(mois), raison, confiance, {"periode": tous})


def _ans(offre: Offre) -> int:
    return annees_attendues(**_modalites(offre))


def _modalites(offre: Offre) -> dict[str, int | None]:
    return {champ: modalite.en_nombre(offre.get(champ)) for champ in ("duree", "annee")}
