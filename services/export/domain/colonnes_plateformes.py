"""The columns of the académies' tables that tell of one platform."""

from typing import Final

from contracts.statuts import Plateforme, Statut
from services.export.domain.cellules import (
    REPONSES,
    Cellule,
    Colonne,
    Document,
    Lecture,
    le_jour,
    oui_non,
    texte,
    valeur,
)
from services.export.domain.derivees import rendez_vous
from services.export.domain.erreurs_reconnues import reconnue
from services.export.domain.motifs import trouver

_AUTO: Final = {True: "automatique", False: "manuelle"}


def colonnes_de(plateforme: Plateforme) -> tuple[Colonne, ...]:
    """Return the columns of a platform, in their order."""
    return _affelnet() if plateforme is Plateforme.AFFELNET else _parcoursup()


def _affelnet() -> tuple[Colonne, ...]:
    p, titre = "affelnet", "Affelnet: "
    return (
        Colonne(f"{titre}type de publication", _auto(p)),
        Colonne(f"{titre}dernière action par", texte(f"decisions.{p}.auteur"), admin=True),
        Colonne(f"{titre}périmètre", oui_non(f"eligibilites.{p}.perimetre")),
        Colonne(f"{titre}statut", _statut(p)),
        Colonne(f"{titre}statut initial", texte(f"eligibilites.{p}.statut_initial")),
        Colonne(f"{titre}règle académique", _regle_academique),
        Colonne(f"{titre}statut sur la précédente campagne", texte(f"precedents.{p}.statut")),
        Colonne(f"{titre}Périmètre prise de rendez-vous LBA", _rendez_vous(Plateforme.AFFELNET)),
        Colonne(f"{titre}session sur la campagne actuelle", oui_non(f"eligibilites.{p}.session")),
        Colonne(
            f"{titre}session sur la précédente campagne",
            oui_non(f"eligibilites.{p}.session_precedente"),
        ),
        Colonne(f"{titre}information", texte(f"textes.{p}.infos_offre")),
        Colonne(f"{titre}information (url)", texte(f"textes.{p}.url_infos_offre")),
        Colonne(f"{titre}modalités particulières", texte(f"textes.{p}.modalites_offre")),
        Colonne(f"{titre}modalités particulières (url)", texte(f"textes.{p}.url_modalites_offre")),
        *_motif(titre, p),
    )


def _parcoursup() -> tuple[Colonne, ...]:
    p, titre = "parcoursup", "Parcoursup: "
    return (
        Colonne(f"{titre}type de publication", _auto(p)),
        Colonne(f"{titre}dernière action par", texte(f"decisions.{p}.auteur"), admin=True),
        Colonne(f"{titre}périmètre", oui_non(f"eligibilites.{p}.perimetre")),
        Colonne(f"{titre}statut", _statut(p)),
        Colonne(f"{titre}visible moteur de recherche", oui_non(f"relecture.{p}.visible")),
        Colonne(f"{titre}statut initial", texte(f"eligibilites.{p}.statut_initial")),
        Colonne(f"{titre}Périmètre prise de rendez-vous LBA", _rendez_vous(Plateforme.PARCOURSUP)),
        Colonne(f"{titre}statut sur la précédente campagne", texte(f"precedents.{p}.statut")),
        Colonne(f"{titre}session sur la campagne actuelle", oui_non(f"eligibilites.{p}.session")),
        Colonne(
            f"{titre}session sur la précédente campagne",
            oui_non(f"eligibilites.{p}.session_precedente"),
        ),
        Colonne(f"{titre}date du dernier envoi", le_jour(f"retours.{p}.recu_le")),
        *_motif(titre, p),
        Colonne(f"{titre}motif de rejet webservice", texte(f"retours.{p}.erreur")),
        Colonne(f"{titre}libellé de rejet webservice", _cause(p)),
        Colonne(
            f"{titre}motif de réinitialisation Moss",
            _si_reinitialisee(p, texte(f"decisions.{p}.precision")),
        ),
        Colonne(
            f"{titre}date de réinitialisation Moss",
            _si_reinitialisee(p, le_jour(f"decisions.{p}.prise_le")),
        ),
    )


def _motif(titre: str, p: str) -> tuple[Colonne, ...]:
    return (
        Colonne(f"{titre}motif de non publication", _du_refus(p, "motif")),
        Colonne(f"{titre}motif de non publication (précision)", _du_refus(p, "precision")),
        Colonne(f"{titre}motif de non publication (catégorie)", _categorie(p)),
    )


def _statut(p: str) -> Lecture:
    return lambda document: valeur(document, f"affiche.{p}") or Statut.NON_PUBLIABLE.value


def _auto(p: str) -> Lecture:
    return lambda document: _AUTO.get(valeur(document, f"suivi.{p}.auto"))


def _regle_academique(document: Document) -> Cellule:
    regle = valeur(document, "eligibilites.affelnet.regle")
    return REPONSES[regle in document["_reperes"].regles_academiques]


def _rendez_vous(plateforme: Plateforme) -> Lecture:
    statut = _statut(plateforme.value)

    def lire(document: Document) -> Cellule:
        mefs = document["projection"].get("bcn_mefs_10") or ()
        return REPONSES[rendez_vous(plateforme, str(statut(document)), mefs)]

    return lire


def _du_refus(p: str, champ: str) -> Lecture:
    return lambda document: (
        texte(f"decisions.{p}.{champ}")(document)
        if valeur(document, f"affiche.{p}") in (Statut.NON_PUBLIE, Statut.EN_ATTENTE)
        else None
    )


def _categorie(p: str) -> Lecture:
    def lire(document: Document) -> Cellule:
        motif = trouver(str(_du_refus(p, "motif")(document) or ""))
        return motif.tag if motif else None

    return lire


def _cause(p: str) -> Lecture:
    def lire(document: Document) -> Cellule:
        connue = reconnue(valeur(document, f"retours.{p}") or {})
        return connue["cause"] if connue else None

    return lire


def _si_reinitialisee(p: str, lire: Lecture) -> Lecture:
    return lambda document: (
        lire(document) if valeur(document, f"decisions.{p}.nature") == "reinitialiser" else None
    )
