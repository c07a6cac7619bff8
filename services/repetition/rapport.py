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
    finies, parties = await constat.fin_de_saison(base, str(plan.jour.year))
    return {
        "repetition": identifiant,
        "plan": plan.model_dump(mode="json"),
        "actes": list(faits),
        "passages": _lignes(("plateforme", "num_academie", "avant", "apres"), passages),
        "exemples": exemples,
        "envois": {
            issue: _lignes(("num_academie", "cause"), causes) for issue, causes in echanges.items()
        },
        "doubles": _doubles(plateau),
        "retenues": _lignes(("num_academie", "raison"), retenues),
        "fin_de_saison": _lignes(("plateforme", "num_academie", "statut"), finies),
        "disparues": _lignes(("plateforme", "num_academie"), parties or _sorties(passages)),
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


def _dire(resultat: Mapping[str, Any]) -> str:
    """Say in a line what an act gave; what is nothing is left out."""
    return ", ".join(_dit(nom, valeur) for nom, valeur in resultat.items() if valeur)


def _dit(nom: str, valeur: Any) -> str:  # noqa: ANN401 - a count, a sentence, or counts by name
    mot = _MOTS.get(nom, nom.replace("_", " "))
    if isinstance(valeur, dict):
        return f"{mot} ({_dire(valeur)})"
    return f"{valeur} {mot}" if isinstance(valeur, int) else str(valeur)


_MOTS: Final = {
    "a_reprendre": "à renvoyer",
    "academie_inconnue": "d'académie inconnue",
    "acceptee": "trouvées",
    "annulees": "annulées",
    "changees": "changées",
    "connues_de_parcoursup": "connues de Parcoursup",
    "echeances": "examinées",
    "echues": "échues",
    "en_plus": "règles ajoutées",
    "envoyees": "réponses",
    "fermees": "fermées",
    "force_insuffisante": "trop faibles",
    "identifiants_effaces": "identifiants effacés",
    "couvertures_effacees": "couvertures effacées",
    "jugees": "jugées",
    "photographie": "photographiées",
    "plusieurs_offres": "ambiguës",
    "publie": "publient",
    "refus_conserve": "refus conservés",
    "reprise": "passées en revue",
    "resolues": "issues inconnues",
    "sans_cle_ni_mef": "sans clé ni MEF",
}


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
    """Show, for each académie, what was sent and refused, published in the season, then gone."""
    colonnes: dict[str, Counter[str]] = {nom: Counter() for nom in _COLONNES}
    for issue, colonne in ((Issue.ACCEPTEE, "acceptées"), (Issue.REFUSEE, "refusées")):
        for un in rapport["envois"].get(issue.value, ()):
            colonnes[colonne][un["num_academie"]] += un["nombre"]
    for un in rapport["retenues"]:
        colonnes["retenues"][un["num_academie"]] += un["nombre"]
    for un in rapport["fin_de_saison"] or _apres(rapport["passages"]):
        if un["statut"] == Statut.PUBLIE:
            colonnes[f"publiées {_COURTS[un['plateforme']]}"][un["num_academie"]] += un["nombre"]
    for un in rapport["disparues"]:
        colonnes[f"disparues {_COURTS[un['plateforme']]}"][un["num_academie"]] += un["nombre"]
    toutes = sorted(set().union(*colonnes.values()), key=_rang)
    return _tableau(
        ("académie", *colonnes),
        ((nom or "inconnue", *(un[nom] for un in colonnes.values())) for nom in toutes),
    )


def _apres(passages: Sequence[Document]) -> list[Document]:
    return [{**un, "statut": un["apres"]} for un in passages]


_COURTS: Final = {_PS.value: "Parcoursup", _AF.value: "Affelnet"}
_COLONNES: Final = (
    "acceptées",
    "refusées",
    "retenues",
    "publiées Parcoursup",
    "publiées Affelnet",
    "disparues Parcoursup",
    "disparues Affelnet",
)


def _refus(rapport: Document) -> list[str]:
    return _par(rapport["envois"].get(Issue.REFUSEE.value, ()), "cause")


def _par(lignes: Iterable[Document], colonne: str) -> list[str]:
    total: Counter[str] = Counter()
    for un in lignes:
        total[un[colonne]] += un["nombre"]
    return _tableau((colonne, "offres"), total.most_common()) if total else ["Aucune."]
