"""How sessions, durée and capacity are read (domain.md §1.3, §1.5)."""

from collections.abc import Callable
from typing import Final

from contracts.evenements import Confiance
from contracts.identifiants import modalite, periode
from contracts.identifiants.textes import texte
from services.collect.domain.constat import Constat, constat
from services.collect.domain.lecture_champs import Lecture, Offre, memoire, trop

_CITES_MAX: Final = 20

_modalite = memoire(modalite.normaliser)
_places = memoire(modalite.capacite)


def lire_duree(champ: str, valeur: object, offre: Offre, constats: list[Constat]) -> None:
    """Keep a number of years. A text that says whole years in months is one; a bare 24 may be."""
    lue = _modalite(valeur)
    if lue is not None:
        offre[champ] = lue
        return
    mois = modalite.en_mois(valeur)
    if mois is None:
        if texte(valeur) or not isinstance(valeur, str):
            constats.append(constat("duree_illisible", champ, valeur))
    elif mois.dit and mois.exact:
        offre[champ] = mois.annees
        raison = "Le texte donne un nombre de mois qui fait des années entières."
        constats.append(
            constat(
                "duree_en_mois",
                champ,
                valeur,
                mois.annees,
                raison=raison,
                confiance=Confiance.HAUTE,
            )
        )
    else:
        constats.append(_probablement_en_mois(champ, valeur, mois))


def lire_annee(champ: str, valeur: object, offre: Offre, constats: list[Constat]) -> None:
    """Keep an année, 1 to 9, or X."""
    lue = _modalite(valeur)
    if lue is not None:
        offre[champ] = lue
    elif texte(valeur) or not isinstance(valeur, str):
        constats.append(constat("annee_illisible", champ, valeur))


def lire_capacite(champ: str, valeur: object, offre: Offre, constats: list[Constat]) -> None:
    """Keep a number of places, as the text of an integer; 0 is one, and an empty text is not."""
    places = _places(valeur)
    if places is not None:
        offre[champ] = str(places)
    elif texte(valeur) or not isinstance(valeur, str):
        dites = modalite.places_dans(valeur)
        fait = constat("capacite_illisible", champ, valeur)
        if dites is not None:
            fait = constat(
                "capacite_illisible",
                champ,
                valeur,
                str(dites),
                raison="C'est le seul nombre que contient ce texte.",
                confiance=Confiance.MOYENNE,
                correction={champ: str(dites)},
            )
        constats.append(fait)


def lire_parallele(
    lire_un: Callable[[object], object], code_illisible: str, *, vides: bool = False
) -> Lecture:
    """Return the reading of a list that goes by rank with others, kept when all of it is readable.

    An element left out would move those after it: where `vides` are let through, they are null.
    """
    unite = memoire(lire_un)

    def lire(champ: str, valeur: object, offre: Offre, constats: list[Constat]) -> None:
        elements = list(valeur) if isinstance(valeur, list) else _elements(valeur, vides=vides)
        if trop(elements, champ, constats):
            return
        lus: list[object] = []
        for element in elements:
            lu = unite(element)
            if lu is None and not (vides and (element is None or element == "")):
                if texte(element) or not isinstance(element, str):
                    constats.append(constat(code_illisible, champ, element))
                return
            lus.append(lu)
        if lus.count(None) < len(lus):
            offre[champ] = lus

    return lire


def lire_periode(champ: str, valeur: object, offre: Offre, constats: list[Constat]) -> None:
    """Keep the months of a period, distinct and ascending; a school year is none of them."""
    lue = periode.lire(valeur)
    if lue.mois and not trop(lue.mois, champ, constats):
        offre[champ] = lue.mois
    for illisible in lue.illisibles[:_CITES_MAX]:
        scolaire = periode.annee_scolaire(illisible) is not None
        code = "periode_annee_scolaire" if scolaire else "periode_invalide"
        constats.append(constat(code, champ, illisible))


def _elements(valeur: object, *, vides: bool) -> list[object]:
    morceaux: list[object] = list(periode.morceaux(valeur, vides=vides))
    return morceaux or [valeur]


def _probablement_en_mois(champ: str, valeur: object, mois: modalite.Mois) -> Constat:
    raison = (
        "Ces mois font des années entières."
        if mois.exact
        else "Une durée qui n'est pas entière compte pour l'année commencée."
    )
    return constat(
        "duree_probablement_en_mois",
        champ,
        valeur,
        mois.annees,
        raison=raison,
        confiance=Confiance.MOYENNE if mois.exact else Confiance.FAIBLE,
        correction={champ: mois.annees},
    )
