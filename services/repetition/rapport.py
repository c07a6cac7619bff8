"""What a rehearsal tells, for a program and for a person."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from contracts.statuts import STATUTS, Plateforme, Statut
from services.export.domain.parcoursup import Issue
from services.repetition import constat
from services.repetition.plateau import Plateau

Document = dict[str, Any]

_SILENCE: Final = Statut.NON_PUBLIABLE.value
_PS: Final = Plateforme.PARCOURSUP
_AF: Final = Plateforme.AFFELNET
_PARTIS: Final = (Statut.PRET.value, Statut.PUBLIE.value)


async def rapporter(plateau: Plateau, identifiant: str, faits: Sequence[Document]) -> Document:
    """Return the whole report of a rehearsal that is over."""
    base, plan = plateau.base, plateau.plan
    passages, exemples = await constat.passages(base)
    echanges = await constat.envois(base)
    retenues = await constat.retenues(base)
    saison = await constat.disparues(base, str(plan.jour.year)) if plan.suivante else Counter()
    return {
        "repetition": identifiant,
        "plan": plan.model_dump(mode="json"),
        "actes": list(faits),
        "passages": _lignes(("plateforme", "num_academie", "avant", "apres"), passages),
        "exemples": exemples,
        "envois": {
            issue: _lignes(("num_academie", "erreur"), textes) for issue, textes in echanges.items()
        },
        "doubles": _doubles(plateau),
        "retenues": _lignes(("num_academie", "raison"), retenues),
        "disparues": _lignes(("plateforme", "num_academie"), _sorties(passages)),
        "disparues_a_la_campagne_suivante": _lignes(("plateforme", "num_academie"), saison),
        "evenements_retenus": await base.outbox.collection.count_documents({}),
        "empreinte": await constat.empreinte(base),
    }


def _sorties(passages: Mapping[tuple[str, str, str, str], int]) -> Counter[tuple[str, str]]:
    """Count what was ready or published at the beginning and is no longer shown at the end."""
    total: Counter[tuple[str, str]] = Counter()
    for (plateforme, academie, avant, apres), nombre in passages.items():
        if avant in _PARTIS and apres == _SILENCE:
            total[plateforme, academie] += nombre
    return total


def _doubles(plateau: Plateau) -> int:
    """Count the offers that the platform created twice."""
    return sum(nombre > 1 for nombre in plateau.simulateur.plateforme.creations.values())


def _lignes(colonnes: Sequence[str], compteur: Mapping[Any, int]) -> list[Document]:
    return [
        {**dict(zip(colonnes, cle, strict=True)), "nombre": nombre}
        for cle, nombre in sorted(compteur.items())
        if nombre
    ]


def en_texte(rapport: Document, titre: str = "Répétition") -> str:
    """Return the report as Markdown tables in French."""
    return "\n".join(
        [
            f"## {titre}",
            "",
            *_titre("Ce qui a été joué", _actes(rapport["actes"])),
            *_titre("Offres par statut, avant et après", _statuts(rapport["passages"])),
            *_titre("Statuts de Parcoursup après chaque acte", _suivi(rapport, _PS)),
            *_titre("Statuts d'Affelnet après chaque acte", _suivi(rapport, _AF)),
            *_titre("Par académie", _academies(rapport)),
            *_titre("Refus de Parcoursup", _refus(rapport)),
            *_titre("Retenues avant envoi", _par(rapport["retenues"], "raison")),
        ]
    )


def _titre(titre: str, lignes: Iterable[str]) -> list[str]:
    return [f"### {titre}", "", *lignes, ""]


def _tableau(entetes: Sequence[str], rangees: Iterable[Sequence[object]]) -> list[str]:
    return [
        f"| {' | '.join(entetes)} |",
        f"|{'---|' * len(entetes)}",
        *(f"| {' | '.join(map(str, rangee))} |" for rangee in rangees),
    ]


def _actes(actes: Sequence[Document]) -> list[str]:
    return _tableau(
        ("jour", "acte", "ce qui en est venu", "s"),
        ((un["le"], un["acte"], _dire(un["resultat"]), un["secondes"]) for un in actes),
    )


def _dire(resultat: Any) -> str:  # noqa: ANN401 - what an act gives
    if isinstance(resultat, dict):
        parties = (
            f"{nom} {_dire(valeur) if not isinstance(valeur, dict) else '(' + _dire(valeur) + ')'}"
            for nom, valeur in resultat.items()
            if valeur not in (None, {}, False)
        )
        return ", ".join(parties)
    return str(resultat)


def _statuts(passages: Sequence[Document]) -> list[str]:
    avant: Counter[tuple[str, str]] = Counter()
    apres: Counter[tuple[str, str]] = Counter()
    for un in passages:
        avant[un["plateforme"], un["avant"]] += un["nombre"]
        apres[un["plateforme"], un["apres"]] += un["nombre"]
    return _tableau(
        ("plateforme", "statut", "avant", "après"),
        ((*cle, avant[cle], apres[cle]) for cle in sorted(avant | apres)),
    )


def _suivi(rapport: Document, plateforme: Plateforme) -> list[str]:
    comptes = [(un["acte"], un["statuts"][plateforme.value]) for un in rapport["actes"]]
    vus = [statut for statut in STATUTS[plateforme] if any(statut in un for _, un in comptes)]
    return _tableau(
        ("acte", *vus),
        ((acte, *(un.get(statut, 0) for statut in vus)) for acte, un in comptes),
    )


def par_academie(rapport: Document, plateforme: Plateforme) -> list[str]:
    """Return, for each académie and status of a platform, the counts before and after."""
    avant: Counter[tuple[str, str]] = Counter()
    apres: Counter[tuple[str, str]] = Counter()
    for un in rapport["passages"]:
        if un["plateforme"] == plateforme:
            avant[un["num_academie"], un["avant"]] += un["nombre"]
            apres[un["num_academie"], un["apres"]] += un["nombre"]
    cles = avant.keys() | apres.keys()
    vus = [statut for statut in STATUTS[plateforme] if any(statut == un for _, un in cles)]
    return _tableau(
        ("académie", *vus),
        (
            (nom or "inconnue", *(f"{avant[nom, un]} → {apres[nom, un]}" for un in vus))
            for nom in sorted({nom for nom, _ in cles}, key=_rang)
        ),
    )


def _rang(academie: str) -> str:
    return academie.zfill(2) if academie else "~"


def _academies(rapport: Document) -> list[str]:
    """Show, for each académie, what was published before and after, sent, refused, gone."""
    colonnes: dict[str, Counter[str]] = {nom: Counter() for nom in _COLONNES}
    for un in rapport["passages"]:
        court = _COURTS[un["plateforme"]]
        for moment in ("avant", "apres"):
            if un[moment] == Statut.PUBLIE:
                colonnes[f"{court} {moment}"][un["num_academie"]] += un["nombre"]
    for issue, colonne in ((Issue.ACCEPTEE, "acceptées"), (Issue.REFUSEE, "refusées")):
        for un in rapport["envois"].get(issue.value, ()):
            colonnes[colonne][un["num_academie"]] += un["nombre"]
    for un in rapport["retenues"]:
        colonnes["retenues"][un["num_academie"]] += un["nombre"]
    for un in rapport["disparues_a_la_campagne_suivante"] or rapport["disparues"]:
        colonnes["disparues"][un["num_academie"]] += un["nombre"]
    toutes = sorted(set().union(*colonnes.values()), key=_rang)
    return _tableau(
        ("académie", *(nom.replace("apres", "après") for nom in colonnes)),
        ((nom or "inconnue", *(un[nom] for un in colonnes.values())) for nom in toutes),
    )


_COURTS: Final = {Plateforme.PARCOURSUP.value: "PS", Plateforme.AFFELNET.value: "AF"}
_COLONNES: Final = (
    "PS avant",
    "PS apres",
    "AF avant",
    "AF apres",
    "acceptées",
    "refusées",
    "retenues",
    "disparues",
)


def _refus(rapport: Document) -> list[str]:
    return _par(rapport["envois"].get(Issue.REFUSEE.value, ()), "erreur")


def _par(lignes: Iterable[Document], colonne: str) -> list[str]:
    total: Counter[str] = Counter()
    for un in lignes:
        total[un[colonne]] += un["nombre"]
    return _tableau((colonne, "offres"), total.most_common())
