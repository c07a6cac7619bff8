"""The mails of the notices: plain text, the same in simple HTML, and their subjects."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Final

from services.export.domain.abonnements import Frequence
from services.export.domain.avis import Element, Rubrique, compter
from services.export.domain.avis_phrases import TITRES, a_faire, cause
from services.kernel.french import date_longue, jour, nombre, pluriel

OFFRES_MAX: Final = 10
_PLATEFORMES: Final = {"parcoursup": "Parcoursup", "affelnet": "Affelnet"}
_ADJECTIFS: Final[Mapping[Frequence, str]] = {
    Frequence.QUOTIDIENNE: "quotidien",
    Frequence.HEBDOMADAIRE: "hebdomadaire",
}
_LISTE: Final = "La liste entière, avec votre clé d'API"
_PIED: Final = "Vous recevez ce message parce que vous vous êtes abonné aux avis du catalogue."


@dataclass(frozen=True, slots=True)
class Courrier:
    """A mail without its envelope."""

    sujet: str
    texte: str
    html: str


@dataclass(frozen=True, slots=True)
class Liens:
    """Where a mail leads: the whole list, the page of an offer (`{id}`), out of the list."""

    liste: str
    fiche: str
    desabonner: str


@dataclass(frozen=True, slots=True)
class Contenu:
    """What a notice has to tell one reader."""

    lecteur: str  # « l'académie de Lyon »
    jour: date
    precedent: date | None
    presents: Sequence[Element]
    nouvelles: Sequence[Element]
    delai: int


def rediger_avis(contenu: Contenu, liens: Liens) -> Courrier:
    """Return the mail of a notice: counts, the first new offers, where to read the rest."""
    nouveautes = pluriel(len(contenu.nouvelles), "nouveauté")
    depuis = f" depuis l'avis du {date_longue(contenu.precedent)}" if contenu.precedent else ""
    tete = f"Avis du {date_longue(contenu.jour)} pour {contenu.lecteur} : {nouveautes}{depuis}."
    comptes = _comptes(contenu)
    montrees = contenu.nouvelles[:OFFRES_MAX]
    blocs = [_lignes(element, liens.fiche) for element in montrees]
    titre = _titre(len(montrees), len(contenu.nouvelles))
    csv = f"{liens.liste}.csv"
    texte = "\n\n".join(
        [
            "Bonjour,",
            tete,
            "\n".join(f"- {compte}" for compte in comptes),
            titre,
            *("\n  ".join([f"- {bloc[0]}", *bloc[1:]]) for bloc in blocs),
            f"{_LISTE} : {liens.liste} (JSON) ou {csv}",
            f"{_PIED}\nPour ne plus le recevoir : {liens.desabonner}\n",
        ]
    )
    html = _page(
        f"<p>{escape(tete)}</p>",
        _liste(escape(compte) for compte in comptes),
        f"<h2>{escape(titre)}</h2>",
        _liste(_bloc_html(bloc) for bloc in blocs),
        f"<p>{escape(_LISTE)} : {_lien(liens.liste, 'JSON')} ou {_lien(csv, 'CSV')}.</p>",
        f"<p>{escape(_PIED)} {_lien(liens.desabonner, 'Ne plus le recevoir')}.</p>",
    )
    return Courrier(f"Catalogue de l'apprentissage : {nouveautes}, {contenu.lecteur}", texte, html)


def rediger_confirmation(
    lecteur: str, frequence: Frequence, adresse_du_lien: str, heures: int
) -> Courrier:
    """Return the mail that asks whether a subscription is wanted."""
    demande = (
        f"Quelqu'un a demandé que cette adresse reçoive l'avis {_ADJECTIFS[frequence]} du "
        f"catalogue de l'apprentissage pour {lecteur}."
    )
    delai = f"Pour l'accepter, ouvrez ce lien dans les {pluriel(heures, 'heure')}"
    sinon = "Si vous n'avez rien demandé, ne faites rien : rien ne vous sera envoyé."
    texte = "\n\n".join(["Bonjour,", demande, f"{delai} :\n{adresse_du_lien}", f"{sinon}\n"])
    html = _page(
        f"<p>{escape(demande)}</p>",
        f"<p>{escape(delai)} : {_lien(adresse_du_lien, 'recevoir cet avis')}.</p>",
        f"<p>{escape(sinon)}</p>",
    )
    return Courrier(f"Confirmez votre abonnement : {lecteur}", texte, html)


def _comptes(contenu: Contenu) -> list[str]:
    nouveaux = compter(contenu.nouvelles)
    comptes = []
    for rubrique, total in compter(contenu.presents).items():
        titre = TITRES[rubrique]
        if rubrique is Rubrique.A_DECIDER and contenu.delai:
            titre += f" depuis {pluriel(contenu.delai, 'jour')} ou plus"
        dont = nouveaux.get(rubrique, 0)
        suite = f", dont {pluriel(dont, 'nouvelle')}" if dont else ""
        comptes.append(f"{titre} : {nombre(total)}{suite}")
    return comptes


def _titre(montrees: int, total: int) -> str:
    if montrees == total:
        return "Ce qui est nouveau"
    return f"Ce qui est nouveau : les {montrees} premières offres sur {nombre(total)}"


def _lignes(element: Element, fiche: str) -> list[str]:
    """Return what is said of an offer: its name, its state, why, what to do, its page."""
    nom = _une_ligne(element.get("intitule") or element.get("cle") or element["id"])
    precisions = [_une_ligne(element[un]) for un in ("localite", "organisme") if element.get(un)]
    etat = [TITRES[Rubrique(element["rubrique"])]]
    if plateforme := element.get("plateforme"):
        etat = [f"{_PLATEFORMES.get(plateforme, plateforme)} : {element.get('statut') or etat[0]}"]
    lignes = [
        " – ".join([nom, *precisions]),
        f"{etat[0]}, depuis le {jour(element['depuis'])}",
    ]
    if pourquoi := cause(element):
        lignes.append(f"Pourquoi : {pourquoi}")
    if faire := a_faire(element):
        lignes.append(f"À faire : {faire}")
    return [*lignes, fiche.format(id=element["id"])]


def _bloc_html(lignes: Sequence[str]) -> str:
    *dites, fiche = lignes
    nom, *reste = dites
    return "<br>".join([_lien(fiche, nom), *(escape(une) for une in reste)])


def _une_ligne(texte: str) -> str:
    return " ".join(str(texte).split())


def _page(*morceaux: str) -> str:
    corps = "\n".join(morceaux)
    return f'<!doctype html>\n<html lang="fr"><body>\n<p>Bonjour,</p>\n{corps}\n</body></html>\n'


def _liste(morceaux: Iterable[str]) -> str:
    return "<ul>" + "".join(f"\n<li>{morceau}</li>" for morceau in morceaux) + "\n</ul>"


def _lien(adresse: str, texte: str) -> str:
    return f'<a href="{escape(adresse)}">{escape(texte)}</a>'
