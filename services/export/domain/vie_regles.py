"""The life of a rule: created, changed, overridden by an académie, deleted softly (domain.md §3.2).

Each act gives the rule under its next version and one entry of its history, which nothing erases.
A rule is never removed: a deletion is a version as well, and creating it again restores it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from contracts.statuts import Plateforme, Statut
from services.export.domain.edition_regles import PEUT, changer_de_condition
from services.export.domain.regles import NATIONALE
from services.export.domain.regles_identite import racine, sujet

Document = dict[str, Any]

SURCHARGES: Final = (
    Statut.A_DEFINIR,
    Statut.A_PUBLIER,
    Statut.A_PUBLIER_VALIDATION,
    Statut.NON_PUBLIABLE,
)
"""What an académie may put in the place of « à définir »."""


class Nature(StrEnum):
    """What an act did to a rule."""

    CREATION = "creation"
    MODIFICATION = "modification"
    SUPPRESSION = "suppression"
    RETABLISSEMENT = "retablissement"
    SURCHARGE = "surcharge"
    SURCHARGE_RETIREE = "surcharge_retiree"


class ActeRefuse(Exception):
    """An act that is not possible on this rule; says why and what would be needed."""

    def __init__(self, code: str, raison: str, que_faire: str, regle: str | None = None) -> None:
        """Keep a stable code, two French sentences and the rule that stands in the way."""
        super().__init__(raison)
        self.code = code
        self.raison = raison
        self.que_faire = que_faire
        self.regle = regle


@dataclass(frozen=True, slots=True)
class Auteur:
    """Who acts, and when."""

    titulaire: str
    instant: datetime


@dataclass(frozen=True, slots=True)
class Acte:
    """The rule as it then is, to be stored with the entry of its history."""

    regle: Document
    entree: Document


def creer(tenues: Mapping[str, Document], contenu: Document, auteur: Auteur) -> Acte:
    """Create a rule; one deleted about the same subject is restored under its id.

    Raises:
        ActeRefuse: a rule in force is about the same subject, or it would forbid without a name.
    """
    if _exclut_sans_nom(contenu):
        raise ActeRefuse(
            "exclusion_sans_nom",
            "Une règle sans nom qui exclut n'aurait aucun effet : l'absence de règle exclut déjà.",
            "Donnez-lui un nom, pour qu'elle se voie, ou ne la créez pas.",
        )
    _verifier_seule(tenues, contenu)
    identifiant = _libre(tenues, racine(contenu))
    tenue = tenues.get(identifiant)
    nature = Nature.RETABLISSEMENT if tenue else Nature.CREATION
    return _acte(identifiant, tenue, contenu, nature, auteur)


def _verifier_seule(
    tenues: Mapping[str, Document], contenu: Document, sauf: str | None = None
) -> None:
    for tenue in tenues.values():
        autre = not tenue["supprimee"] and tenue["_id"] != sauf
        if autre and sujet(tenue["contenu"]) == sujet(contenu):
            raise ActeRefuse(
                "regle_deja_presente",
                f"La règle {tenue['_id']} porte déjà sur ce périmètre.",
                "Modifiez cette règle-là, ou donnez un autre nom à la vôtre.",
                tenue["_id"],
            )


def _libre(tenues: Mapping[str, Document], base: str) -> str:
    rang, identifiant = 1, base
    while identifiant in tenues and not tenues[identifiant]["supprimee"]:
        rang += 1
        identifiant = f"{base}-{rang}"
    return identifiant


def changer(
    tenues: Mapping[str, Document], identifiant: str, contenu: Document, auteur: Auteur
) -> Acte | None:
    """Change a rule; None when nothing differs. The overrides of académies are kept.

    Choosing « ne doit pas intégrer » on a rule without a name deletes it: forbidding is what its
    absence does. A named one is kept, to be seen.
    """
    tenue = tenues[identifiant]
    presente = _en_vigueur(tenue)
    surcharges = presente.get("statut_academies")
    if contenu["plateforme"] != presente["plateforme"]:
        raise ActeRefuse(
            "plateforme_fixe",
            "Une règle ne change pas de plateforme.",
            "Supprimez-la et créez-en une sur l'autre plateforme.",
            identifiant,
        )
    neuf = {**contenu, "statut_academies": surcharges} if surcharges else contenu
    if neuf == presente:
        return None
    if _exclut_sans_nom(contenu):
        return supprimer(tenue, auteur)
    _verifier_seule(tenues, contenu, sauf=identifiant)
    return _acte(identifiant, tenue, neuf, Nature.MODIFICATION, auteur)


def _exclut_sans_nom(contenu: Document) -> bool:
    """Tell whether a rule says what its absence says: it is deleted rather than kept."""
    plateforme, condition = Plateforme(contenu["plateforme"]), contenu["condition_integration"]
    return changer_de_condition(plateforme, condition, nommee=bool(nom(contenu))) is None


def supprimer(tenue: Document, auteur: Auteur) -> Acte:
    """Delete a rule, softly."""
    _en_vigueur(tenue)
    return _acte(tenue["_id"], tenue, None, Nature.SUPPRESSION, auteur)


def surcharger(
    tenue: Document, academie: int, statut: Statut | None, auteur: Auteur
) -> Acte | None:
    """Put an académie's status in the place of the national one, or take it back (None).

    Returns None when nothing differs.

    Raises:
        ActeRefuse: not on this rule, or not this status.
    """
    contenu = _en_vigueur(tenue)
    verifier_surchargeable(contenu)
    if statut is not None and statut not in SURCHARGES:
        raise ActeRefuse(
            "surcharge_impossible",
            f"Une académie ne peut pas donner le statut « {statut} ».",
            f"Statuts possibles : {', '.join(f'« {un} »' for un in SURCHARGES)}.",
        )
    surcharges = {
        numero: valeur
        for numero, valeur in (contenu.get("statut_academies") or {}).items()
        if int(numero) != academie
    }
    if statut is not None:
        surcharges[str(academie)] = statut.value
    neuf = {champ: valeur for champ, valeur in contenu.items() if champ != "statut_academies"}
    if surcharges:
        neuf["statut_academies"] = surcharges
    if neuf == contenu:
        return None
    nature = Nature.SURCHARGE_RETIREE if statut is None else Nature.SURCHARGE
    return _acte(tenue["_id"], tenue, neuf, nature, auteur, {"academie": academie})


def remplacer(
    tenues: Mapping[str, Document], contenus: Mapping[str, Document], auteur: Auteur
) -> list[Acte]:
    """Make `contenus` (by id) the rules in force; those left out are deleted, softly."""
    actes = []
    for identifiant, contenu in contenus.items():
        tenue = tenues.get(identifiant)
        if tenue is None:
            nature = Nature.CREATION
        elif tenue["supprimee"]:
            nature = Nature.RETABLISSEMENT
        elif tenue["contenu"] == contenu:
            continue
        else:
            nature = Nature.MODIFICATION
        actes.append(_acte(identifiant, tenue, contenu, nature, auteur))
    actes += [
        supprimer(tenue, auteur)
        for identifiant, tenue in tenues.items()
        if identifiant not in contenus and not tenue["supprimee"]
    ]
    return actes


def verifier_surchargeable(contenu: Mapping[str, Any]) -> None:
    """Return if académies may override a rule; raises `ActeRefuse`.

    Only a national « à définir » of Affelnet: an override of any other has no effect since 2024.
    """
    if (
        contenu["plateforme"] == Plateforme.AFFELNET
        and contenu["condition_integration"] == PEUT
        and contenu["statut"] == Statut.A_DEFINIR
        and not contenu.get("num_academie", NATIONALE)
    ):
        return
    raise ActeRefuse(
        "regle_non_surchargeable",
        "Une académie ne donne son statut que sur une règle nationale d'Affelnet « à définir » ; "
        f"celle-ci est « {contenu['statut']} » sur {str(contenu['plateforme']).capitalize()}.",
        "Demandez aux responsables nationaux de la plateforme de modifier cette règle.",
    )


def nom(contenu: Mapping[str, Any]) -> str:
    """Return the name of a rule, empty when it has none."""
    return str(contenu.get("nom_regle_complementaire") or "").strip()


def entree(
    avant: Document | None, apres: Document, nature: Nature, auteur: Auteur, **plus: object
) -> Document:
    """Return the entry of history that leads from a stored rule to another."""
    return {
        "_id": f"{apres['_id']}.{apres['version']:06}",
        "regle": apres["_id"],
        "version": apres["version"],
        "nature": nature.value,
        "auteur": auteur.titulaire,
        "le": auteur.instant,
        "avant": avant["contenu"] if avant and not avant["supprimee"] else None,
        "apres": None if apres["supprimee"] else apres["contenu"],
        **plus,
    }


def stockee(
    identifiant: str, tenue: Document | None, contenu: Document | None, instant: datetime
) -> Document:
    """Return the document of a rule under its next version; without a content, it is deleted."""
    return {
        "_id": identifiant,
        "contenu": contenu if contenu is not None else (tenue or {})["contenu"],
        "version": tenue["version"] + 1 if tenue else 1,
        "supprimee": contenu is None,
        "creee_le": (tenue or {}).get("creee_le", instant if tenue is None else None),
        "modifiee_le": instant,
    }


def _acte(
    identifiant: str,
    tenue: Document | None,
    contenu: Document | None,
    nature: Nature,
    auteur: Auteur,
    plus: Mapping[str, object] | None = None,
) -> Acte:
    apres = stockee(identifiant, tenue, contenu, auteur.instant)
    return Acte(apres, entree(tenue, apres, nature, auteur, **(plus or {})))


def _en_vigueur(tenue: Document) -> Document:
    if tenue["supprimee"]:
        raise ActeRefuse(
            "regle_supprimee",
            "Cette règle est supprimée.",
            "Créez-la de nouveau : elle sera rétablie sous le même identifiant.",
            tenue["_id"],
        )
    contenu: Document = tenue["contenu"]
    return contenu
