"""From stored offers and the rows of a file to what an import would change, and its facts (§4.3).

What Affelnet holds is a fact beside the decision: it is compared with facts, judged on reading and
never as they were stored judged, so that a file applied twice finds nothing to change, whatever
rules, campaign or day moved before.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from contracts.statuts import Plateforme, Statut
from services.export.domain.couverture import Couverte, Difference, couvrir
from services.export.domain.couverture_rapprochement import Candidate, Rapprochement
from services.export.domain.eligibilite import Eligibilite
from services.export.domain.lignes_affelnet import LigneLue
from services.export.domain.projections import Juge
from services.export.domain.publication import juger
from services.kernel.digest import digest

Document = dict[str, Any]

CHAMPS: Final = (
    "projection",
    "decisions.affelnet",
    "retours.affelnet",
    "textes.affelnet.infos_offre",
    "couverture.affelnet",
)
"""What of a stored offer the match and the difference read; a rule may read any of a projection."""

_NOM: Final = Plateforme.AFFELNET.value
_AUCUN: Final[Document] = {}


@dataclass(frozen=True, slots=True)
class Ecart:
    """What an import makes of one offer, and the row that does; `avant` is what it holds now."""

    avant: Couverte
    apres: Difference
    ligne: int | None


@dataclass(frozen=True, slots=True)
class Comparaison:
    """An import compared with the offers: a match per usable row, and the differences.

    `prises` tells by offer the row that covers it, `refusees` the offers that stay refused.
    `version` names this very difference: the same file over the same facts has the same.
    """

    trouves: Mapping[int, Rapprochement]
    prises: Mapping[str, int]
    refusees: frozenset[str]
    ecarts: tuple[Ecart, ...]
    version: str


def comparer(
    offres: Sequence[Couverte],
    lues: Sequence[LigneLue],
    academies: Container[str] | None = None,
) -> Comparaison:
    """Compare the usable rows of a file with the offers, as `couverte` reads them.

    `academies` are those that the file tells the whole of; by default those that its rows name: a
    file of one académie says nothing of the others.
    """
    utiles = [(lue, lue.dite) for lue in lues if lue.dite is not None and lue.refus is None]
    nommees = {lue.academie for lue in lues if lue.academie is not None}
    trouve = couvrir(offres, [dite for _, dite in utiles], academies or nommees)
    par_id = {une.candidate.id: une for une in offres}
    prises = {id_: utiles[rang][0].numero for id_, rang in trouve.prises.items()}
    ecarts = tuple(
        Ecart(par_id[apres.id], apres, prises.get(apres.id))
        for apres in sorted(trouve.differences, key=lambda une: une.id)
    )
    return Comparaison(
        {lue.numero: un for (lue, _), un in zip(utiles, trouve.lignes, strict=True)},
        prises,
        frozenset(une for une in prises if par_id[une].statut is Statut.NON_PUBLIE),
        ecarts,
        _version(ecarts),
    )


def _version(ecarts: Sequence[Ecart]) -> str:
    dits = [[un.apres.id, *_dit(un.avant), un.ligne, *_dit(un.apres)] for un in ecarts]
    return f"{len(ecarts)}.{digest({'ecarts': dits})[:8]}"


def _dit(une: Couverte | Difference) -> list[str | None]:
    return [une.statut.value, une.identifiant, une.secteur, une.code_nature, une.mef, une.infos]


def couverte(document: Mapping[str, Any], juge: Juge) -> Couverte:
    """Return a stored offer (its `CHAMPS`) as the match takes it, under the judge given."""
    lire = document["projection"].get
    eligibilite, montre = juger_sur_affelnet(document, juge)
    retour = _fait(document, "retours")
    couverture = _fait(document, "couverture")
    candidate = Candidate(
        id=document["_id"],
        cle=lire("cle_ministere_educatif") or "",
        niveau=lire("niveau"),
        mefs=tuple(mef["mef10"] for mef in lire("bcn_mefs_10") or ()),
        departement=lire("num_departement"),
        code_postal=lire("code_postal"),
        code_commune_insee=lire("code_commune_insee"),
        uai=lire("uai_formation"),
        ouverte=not lire("etat")
        and lire("published") is not False
        and eligibilite.perimetre
        and eligibilite.session,
    )
    campagne = juge.contextes[Plateforme.AFFELNET].campagne.id
    return Couverte(
        candidate,
        Statut.PUBLIE if _tenue(document, retour, campagne) else montre,
        identifiant=retour.get("identifiant"),
        secteur=couverture.get("secteur"),
        code_nature=couverture.get("code_nature"),
        mef=couverture.get("mef"),
        infos=_fait(document, "textes").get("infos_offre") or couverture.get("infos"),
    )


def juger_sur_affelnet(document: Mapping[str, Any], juge: Juge) -> tuple[Eligibilite, Statut]:
    """Return what the rules say of an offer on Affelnet, and what is shown of it."""
    jugement = juger(
        document["projection"],
        document.get("decisions"),
        document.get("retours"),
        juge.jeu,
        {Plateforme.AFFELNET: juge.contextes[Plateforme.AFFELNET]},
    )
    return jugement.eligibilites[_NOM], Statut(jugement.plateformes[_NOM]["statut"])


def _tenue(document: Mapping[str, Any], retour: Document, campagne: str) -> bool:
    """Tell whether Affelnet's word on an offer, published in this campaign, is the last one."""
    return bool(
        retour.get("statut") == Statut.PUBLIE
        and retour.get("identifiant")
        and retour.get("campagne") == campagne
        and retour["decision"] >= _fait(document, "decisions").get("numero", 0)
    )


def _fait(document: Mapping[str, Any], nom: str) -> Document:
    fait: Document = (document.get(nom) or _AUCUN).get(_NOM) or _AUCUN
    return fait


def appliquer(
    document: Document, ecart: Ecart, campagne: str, instant: datetime, origine: str
) -> Document:
    """Return an offer with the facts that an import gives it; `origine` names the import."""
    couverture = _fait(document, "couverture")
    apres = ecart.apres
    textes = _fait(document, "textes").get("infos_offre")
    nouvelle = couverture | {
        "secteur": apres.secteur,
        "code_nature": apres.code_nature,
        "mef": apres.mef,
        "infos": couverture.get("infos") if textes else apres.infos,
        "import": origine,
        "ligne": ecart.ligne,
    }
    retour = _retour(document, ecart, campagne, instant)
    return {
        **document,
        "couverture": {**(document.get("couverture") or _AUCUN), _NOM: nouvelle},
        "retours": {**(document.get("retours") or _AUCUN), _NOM: retour},
    }


def _retour(document: Document, ecart: Ecart, campagne: str, instant: datetime) -> Document:
    ancien = _fait(document, "retours")
    decision = _fait(document, "decisions").get("numero", 0)
    dit: Document = {
        "decision": decision,
        "statut": None,
        "campagne": campagne,
        "recu_le": instant,
        "identifiant": ecart.apres.identifiant,
        "erreur": None,
        "publiee_le": None,
    }
    if ecart.apres.statut is Statut.PUBLIE:
        deja = ecart.avant.statut is Statut.PUBLIE
        return dit | {
            "statut": Statut.PUBLIE.value,
            "publiee_le": (ancien.get("publiee_le") if deja else None) or instant,
        }
    if ecart.avant.statut is Statut.PUBLIE:
        return dit
    # The identifier alone changes: what was decided since stays what is said last.
    avant_elle = {"decision": max(decision - 1, 0)}
    return dit | avant_elle | ancien | {"identifiant": ecart.apres.identifiant, "recu_le": instant}
