"""The daily counters of the consoles (refdata `metier/consoles_compteurs.csv`, domain.md §6).

Thirteen counters and a count per status, per platform: of all offers, of each région and of each
académie. Offers are those of the flux: a withdrawn one counts nowhere, a replaced one as long as
the platform still shows it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from contracts.statuts import STATUTS, Plateforme, Statut

Document = dict[str, Any]
_RETIREE: Final = "retiree"
Portee = tuple[str | None, str | None]
"""An académie with its région; a région alone; or (None, None) for all."""

LUS: Final = (
    "affiche",
    "eligibilites.parcoursup.perimetre",
    "eligibilites.parcoursup.session",
    "eligibilites.affelnet.perimetre",
    "eligibilites.affelnet.session",
    "projection.published",
    "projection.etat",
    "projection.catalogue_published",
    "projection.num_academie",
    "projection.region",
    "projection.remplacee_par",
    "projection.etablissement_reference_certifie_qualite",
    "projection.etablissement_reference_habilite_rncp",
    "projection.etablissement_gestionnaire_actif",
    "projection.etablissement_formateur_actif",
    "projection.etablissement_gestionnaire_siret",
    "projection.etablissement_formateur_siret",
)
"""What is read of a stored offer."""

PUBLIEES: Final = "formations_publiees"
SANS_SESSION: Final = "formations_publiees_sans_session"
INTEGRABLES: Final = "formations_integrables"
PERIMETRE: Final = "formations_perimetre"
_ORGANISMES: Final = {
    PUBLIEES: "organismes_avec_formations_publiees",
    SANS_SESSION: "organismes_avec_formations_publiees_sans_session",
    INTEGRABLES: "organismes_avec_formations_integrables",
    PERIMETRE: "organismes_avec_formations_perimetre",
}
COMPTEURS: Final = (
    PUBLIEES,
    SANS_SESSION,
    "formations_publiees_sans_session_avec_remplacement",
    "formations_publiees_sans_session_sans_remplacement",
    "formations_publiees_perte_qualiopi",
    "formations_publiees_perte_rncp",
    "formations_publiees_siret_inactif",
    INTEGRABLES,
    PERIMETRE,
    *_ORGANISMES.values(),
)
"""The counters, in the order of the table."""


@dataclass(slots=True)
class _Compte:
    offres: Counter[str] = field(default_factory=Counter)
    statuts: Counter[str] = field(default_factory=Counter)
    organismes: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


def compter(offres: Iterable[Mapping[str, Any]], jour: date, instant: datetime) -> list[Document]:
    """Return the records of a day, one per platform and scope, in a fixed order."""
    comptes: dict[tuple[Plateforme, Portee], _Compte] = {
        (plateforme, (None, None)): _Compte() for plateforme in Plateforme
    }
    for offre in offres:
        projection = offre["projection"]
        if projection.get("etat") == _RETIREE or not projection.get("published", True):
            continue
        portees = tuple(_portees(projection))
        for plateforme in Plateforme:
            for portee in portees:
                compte = comptes.setdefault((plateforme, portee), _Compte())
                _compter(compte, offre, projection, plateforme.value)
    return [
        _document(jour, instant, plateforme, portee, compte)
        for (plateforme, portee), compte in sorted(comptes.items(), key=_ordre)
    ]


def _ordre(un: tuple[tuple[Plateforme, Portee], _Compte]) -> tuple[str, ...]:
    (plateforme, (academie, region)), _ = un
    return plateforme.value, academie or "", region or ""


def _portees(projection: Mapping[str, Any]) -> Iterator[Portee]:
    academie, region = projection.get("num_academie"), projection.get("region")
    yield None, None
    if region is not None:
        yield None, region
    if academie is not None:
        yield academie, region


def _compter(
    compte: _Compte, offre: Mapping[str, Any], projection: Mapping[str, Any], nom: str
) -> None:
    statut = (offre.get("affiche") or {}).get(nom, Statut.NON_PUBLIABLE.value)
    if projection.get("etat") and statut != Statut.PUBLIE.value:
        return
    compte.statuts[statut] += 1
    eligibilite = offre["eligibilites"][nom]
    faits = [*_perimetre(eligibilite)]
    if statut == Statut.PUBLIE.value:
        faits += _publiee(projection, en_session=eligibilite["session"])
    compte.offres.update(faits)
    for fait in faits:
        if fait in _ORGANISMES:
            compte.organismes[fait] |= _sirets(projection)


def _perimetre(eligibilite: Mapping[str, Any]) -> Iterator[str]:
    if eligibilite["perimetre"]:
        yield PERIMETRE
        if eligibilite["session"]:
            yield INTEGRABLES


def _publiee(projection: Mapping[str, Any], *, en_session: bool) -> Iterator[str]:
    lire = projection.get
    yield PUBLIEES
    if lire("catalogue_published") is not False and not en_session:
        yield SANS_SESSION
        remplacee = "avec" if lire("remplacee_par") else "sans"
        yield f"{SANS_SESSION}_{remplacee}_remplacement"
    if lire("etablissement_reference_certifie_qualite") is False:
        yield "formations_publiees_perte_qualiopi"
    if lire("etablissement_reference_habilite_rncp") is False:
        yield "formations_publiees_perte_rncp"
    actifs = (lire("etablissement_gestionnaire_actif"), lire("etablissement_formateur_actif"))
    if False in actifs:
        yield "formations_publiees_siret_inactif"


def _sirets(projection: Mapping[str, Any]) -> set[str]:
    roles = ("gestionnaire", "formateur")
    sirets = (projection.get(f"etablissement_{role}_siret") for role in roles)
    return {siret for siret in sirets if siret}


def _document(
    jour: date, instant: datetime, plateforme: Plateforme, portee: Portee, compte: _Compte
) -> Document:
    academie, region = portee
    nombres = {nom: compte.offres[nom] for nom in COMPTEURS}
    nombres |= {
        organismes: len(compte.organismes[offres]) for offres, organismes in _ORGANISMES.items()
    }
    return {
        "_id": ".".join((jour.isoformat(), plateforme.value, academie or "", region or "")),
        "jour": jour.isoformat(),
        "plateforme": plateforme.value,
        "academie": academie,
        "region": region,
        "compteurs": nombres,
        "statuts": {statut.value: compte.statuts[statut.value] for statut in STATUTS[plateforme]},
        "calcules_le": instant,
    }
