"""The findings on which offer a line is (docs/decisions/0003-identity.md)."""

from typing import Final

from contracts.evenements import Confiance
from contracts.identifiants import cle as cles
from services.collect.domain.constat import Constat, constat, proposer
from services.collect.domain.identite import CONTENU, RCO
from services.collect.domain.lignes import Ligne
from services.collect.domain.tenue import Tenue

_CHANGEMENTS: Final = {
    "id_certifinfo": "la certification",
    "parcours": "le parcours",
    "duree": "la durée",
    "annee": "l'année",
    "siret_gestionnaire": "le gestionnaire",
    "siret_formateur": "le formateur",
    "code_commune_insee": "la commune",
    "site": "le site",
}


def livree_deux_fois(rang: int, par: int) -> Constat:
    """Return the finding of a line that a later one of the same deposit replaces."""
    return constat("livree_deux_fois", valeur=f"{rang} et {par}")


def cle_remplacee(cle: str, actuelle: str | None) -> Constat:
    """Return the finding of a line that bears a clé from before."""
    return constat(
        "cle_remplacee",
        "cle_ministere_educatif",
        cle,
        actuelle,
        raison="L'offre qui portait cette clé porte maintenant celle-ci.",
        confiance=Confiance.HAUTE,
        correction={"cle_ministere_educatif": actuelle},
    )


def deja_pris(nom: str, ligne: Ligne, porteur: Tenue) -> Constat:
    """Return the finding of an alias that another offer bears, and keeps."""
    if not nom.startswith(RCO):
        champ = None if nom.startswith(CONTENU) else "reference"
        return constat("alias_deja_pris", champ, nom.split(":", 2)[-1])
    fait = constat("ids_rco_partages", "id_action", nom[len(RCO) :])
    ancienne = cles.lire(porteur.cle)
    nouvelle = cles.lire((ligne.offre or {}).get("cle_ministere_educatif"))
    if ancienne and nouvelle and not cles.est_un_autre_site(ancienne, nouvelle):
        changes = " et ".join(_CHANGEMENTS[p] for p in cles.parties_changees(ancienne, nouvelle))
        raison = (
            f"La même action y porte une autre clé, où change {changes}. Si cette offre-là "
            "n'existe plus, déclarez sa clé dans « Clé remplacée par l'offre »."
        )
        proposer(fait, f"remplacer l'offre {ancienne.texte}", raison, Confiance.FAIBLE)
    return fait
