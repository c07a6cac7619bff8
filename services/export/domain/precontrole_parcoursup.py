"""The refusals of Parcoursup that can be told before sending, and what to mend (domain.md §4.1).

Each control names the patterns of the error table that it prevents. One that `retient` keeps the
offer from being sent while it lasts; the decision stays, and the offer goes by itself once mended.
Forcing the sending passes over what is only presumed, never over what the payload lacks.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from contracts.identifiants import uai as uai_
from services.export.domain.relecture_parcoursup import Etat

Document = Mapping[str, Any]

CONSTATS_SUIVIS: Final = frozenset(
    {
        "uai_ferme",
        "uai_hors_registre",
        "etablissement_ferme",
        "cfd_remplace",
        "rncp_perime",
        "rncp_inactif",
        "rncp_plusieurs_fiches",
    }
)
"""The findings of the catalogue that a projection keeps for these controls."""

CHAMPS_CONTROLES: Final = (
    "cle_ministere_educatif",
    "uai_formation",
    "cfd",
    "cfd_outdated",
    "rncp_code",
    "rncp_outdated",
    "etablissement_gestionnaire_siret",
    "alertes",
)
"""What of a projection the controls look at."""

_RETIRES: Final = frozenset({Etat.ANNULEE.value, Etat.FERMEE.value})
_LIEU: Final = "uai_formation"


@dataclass(frozen=True, slots=True)
class Controle:
    """A reason to expect a refusal: why, what to do, which known refusals it prevents."""

    code: str
    cause: str
    action: str
    previent: tuple[str, ...]
    retient: bool = True
    forcable: bool = True


class Reserve(NamedTuple):
    """A control that an offer fails: on which value, what to put in its place, said by whom."""

    code: str
    valeur: str | None = None
    proposition: str | None = None
    raison: str | None = None


class Attache(NamedTuple):
    """The place under which Parcoursup accepted a key last, as our exchanges tell."""

    uai: str | None
    identifiant: str | None


_RETROUVER_LIEU: Final = "Donnez l'UAI du lieu où se déroule la formation."

_CONTROLES: Final = (
    Controle(
        "cle_absente",
        "L'offre n'a pas de clé ministère éducatif : Parcoursup ne peut pas la reconnaître.",
        "Demandez la clé au Carif-Oref, puis déposez l'offre de nouveau.",
        ("cle-autre-etablissement",),
        forcable=False,
    ),
    Controle(
        "uai_absent",
        "L'UAI du lieu de formation n'est pas connu.",
        _RETROUVER_LIEU,
        ("etablissement-inconnu-creation", "etablissement-inconnu-maj"),
        forcable=False,
    ),
    Controle(
        "uai_mal_forme",
        "L'UAI du lieu de formation n'a pas la forme d'un UAI (7 chiffres et une lettre).",
        _RETROUVER_LIEU,
        ("etablissement-inconnu-creation", "etablissement-inconnu-maj"),
        forcable=False,
    ),
    Controle(
        "uai_ferme",
        "L'UAI du lieu de formation est fermé.",
        "Confirmez avec le CFA l'UAI du lieu où se déroule la formation aujourd'hui, puis "
        "corrigez-le.",
        (
            "etablissement-ferme",
            "etablissement-inconnu-maj",
            "etablissement-inconnu-maj-point",
            "gestionnaire-non-unique-creation",
        ),
    ),
    Controle(
        "certification_absente",
        "L'offre n'a ni CFD ni numéro RNCP : Parcoursup n'y trouvera aucune filière.",
        "Donnez le CFD ou le numéro de la fiche RNCP.",
        ("filiere-cfd-rncp", "filiere-mef-cfd-rncp", "filiere-rncp"),
        forcable=False,
    ),
    Controle(
        "certification_fermee",
        "Le diplôme est fermé dans la nomenclature, et aucune fiche RNCP en vigueur ne le relaie.",
        "Donnez les codes de la certification préparée aujourd'hui.",
        ("type-ferme-bcn", "filiere-cfd-rncp"),
    ),
    Controle(
        "cle_sur_un_autre_uai",
        "Parcoursup tient déjà cette clé sous un autre UAI.",
        "Demandez à la Moss d'annuler l'ancien rattachement dans Parcoursup, ou rétablissez "
        "l'UAI ; l'offre partira quand la relecture l'aura confirmé.",
        ("cle-autre-etablissement", "rattachee-autre-uai"),
    ),
    Controle(
        "cle_en_double",
        "Une autre offre demandée à Parcoursup porte la même clé ministère éducatif.",
        "Gardez l'une des deux offres et refusez l'autre.",
        ("cle-autre-etablissement",),
    ),
    Controle(
        "uai_hors_registre",
        "L'UAI du lieu ne figure pas dans le registre des établissements.",
        "Vérifiez l'UAI ; s'il vient d'être attribué, faites créer l'établissement dans "
        "Parcoursup.",
        ("etablissement-inconnu-creation", "etablissement-inconnu-maj"),
        retient=False,
    ),
    Controle(
        "gestionnaire_ferme",
        "L'établissement gestionnaire est fermé.",
        "Vérifiez avec le CFA quel établissement gère la formation aujourd'hui.",
        ("gestionnaire-non-unique-creation", "gestionnaire-non-unique-ou-inexistant"),
        retient=False,
    ),
    Controle(
        "gestionnaire_absent",
        "L'établissement gestionnaire n'est pas connu.",
        "Donnez le SIRET de l'établissement gestionnaire.",
        ("gestionnaire-non-unique-creation", "gestionnaire-non-unique-ou-inexistant"),
        retient=False,
    ),
    Controle(
        "cfd_remplace",
        "Le diplôme est fermé ; un autre code le remplace.",
        "Redéposez l'offre avec le nouveau code et la fiche RNCP qui va avec.",
        ("type-ferme-bcn", "specialite-filiere"),
        retient=False,
    ),
    Controle(
        "rncp_douteux",
        "La fiche RNCP n'est plus en vigueur, ou n'est pas la seule du diplôme.",
        "Vérifiez le numéro RNCP.",
        ("filiere-rncp", "filiere-cfd-rncp"),
        retient=False,
    ),
)
CONTROLES: Final[Mapping[str, Controle]] = {un.code: un for un in _CONTROLES}

_AVERTISSEMENTS: Final[Mapping[str, str]] = {
    "uai_hors_registre": "uai_hors_registre",
    "cfd_remplace": "cfd_remplace",
    "rncp_perime": "rncp_douteux",
    "rncp_inactif": "rncp_douteux",
    "rncp_plusieurs_fiches": "rncp_douteux",
}


def precontroler(
    document: Document, attache: Attache | None = None, *, doublon: bool = False
) -> list[Reserve]:
    """Return why Parcoursup would refuse an offer, the reasons that hold it first.

    `attache` is where Parcoursup holds its key as far as our exchanges tell; `doublon` tells that
    an offer before it in the queue bears the same key.
    """
    projection = document["projection"]
    alertes = {alerte["code"]: alerte for alerte in projection.get("alertes") or ()}
    reserves = [
        *_sur_la_cle(document, attache, doublon=doublon),
        *_sur_le_lieu(projection, alertes),
        *_sur_la_certification(projection),
        *_sur_le_gestionnaire(projection, alertes),
    ]
    for code, controle in _AVERTISSEMENTS.items():
        alerte = alertes.get(code)
        if alerte is not None and (code != "uai_hors_registre" or _du_lieu(alerte, projection)):
            reserves.append(_d_une_alerte(controle, alerte))
    return sorted(reserves, key=lambda reserve: not CONTROLES[reserve.code].retient)


def retenues(reserves: list[Reserve], *, forcee: bool = False) -> list[Reserve]:
    """Return those that keep an offer from being sent."""
    return [
        reserve
        for reserve in reserves
        if CONTROLES[reserve.code].retient and not (forcee and CONTROLES[reserve.code].forcable)
    ]


def _sur_la_cle(document: Document, attache: Attache | None, *, doublon: bool) -> list[Reserve]:
    projection = document["projection"]
    cle, uai = projection.get("cle_ministere_educatif"), projection.get(_LIEU)
    if not cle:
        return [Reserve("cle_absente")]
    reserves = [Reserve("cle_en_double", cle)] if doublon else []
    if attache is not None and attache.uai != uai and not _retiree(document, attache):
        raison = f"Acceptée sous l'UAI {attache.uai}, code Parcoursup {attache.identifiant}."
        reserves.append(Reserve("cle_sur_un_autre_uai", uai, attache.uai, raison))
    return reserves


def _retiree(document: Document, attache: Attache) -> bool:
    """Tell whether Parcoursup has said since that it dropped or closed what it had accepted."""
    relecture = (document.get("relecture") or {}).get("parcoursup") or {}
    return any(
        etat in _RETIRES and identifiant == attache.identifiant
        for etat, identifiant in relecture.get("lues") or ()
    )


def _sur_le_lieu(projection: Document, alertes: Mapping[str, Document]) -> list[Reserve]:
    uai = projection.get(_LIEU)
    if not uai:
        return [Reserve("uai_absent")]
    if not uai_.est_bien_forme(uai):
        return [Reserve("uai_mal_forme", str(uai))]
    ferme = alertes.get("uai_ferme")
    if ferme is not None and _du_lieu(ferme, projection):
        return [_d_une_alerte("uai_ferme", ferme)]
    return []


def _sur_la_certification(projection: Document) -> list[Reserve]:
    cfd, rncp = projection.get("cfd"), projection.get("rncp_code")
    if not cfd and not rncp:
        return [Reserve("certification_absente")]
    if projection.get("cfd_outdated") and (not rncp or projection.get("rncp_outdated")):
        return [Reserve("certification_fermee", cfd)]
    return []


def _sur_le_gestionnaire(projection: Document, alertes: Mapping[str, Document]) -> list[Reserve]:
    if not projection.get("etablissement_gestionnaire_siret"):
        return [Reserve("gestionnaire_absent")]
    ferme = alertes.get("etablissement_ferme")
    if ferme is not None and ferme.get("champ") == "etablissement_gestionnaire_siret":
        return [_d_une_alerte("gestionnaire_ferme", ferme)]
    return []


def _du_lieu(alerte: Document, projection: Document) -> bool:
    """Tell whether a finding is about the UAI that the offer bears today."""
    return alerte.get("valeur") == projection.get(_LIEU)


def _d_une_alerte(code: str, alerte: Document) -> Reserve:
    return Reserve(code, alerte.get("valeur"), alerte.get("proposition"), alerte.get("raison"))


def alertes(constats: Iterable[Document]) -> list[dict[str, Any]]:
    """Keep of an offer's findings those that the controls need, without corrections."""
    return [
        {membre: constat[membre] for membre in _MEMBRES if constat.get(membre) is not None}
        for constat in constats
        if constat["code"] in CONSTATS_SUIVIS
    ]


_MEMBRES: Final = ("code", "champ", "valeur", "proposition", "raison")
