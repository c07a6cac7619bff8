"""Why an instructor refuses an offer: the motifs and what each does (domain.md §3.5)."""

from dataclasses import dataclass
from typing import Final

from contracts.statuts import Plateforme, Statut

_PS: Final = (Plateforme.PARCOURSUP,)
_AF: Final = (Plateforme.AFFELNET,)
_TOUTES: Final = (Plateforme.PARCOURSUP, Plateforme.AFFELNET)
_LIEU: Final = "Organisme de formation, lieu"
_FORMATION: Final = "Formation"
_AUTRE: Final = "Autre"
_ADRESSE: Final = "L'adresse du lieu de réalisation est incorrecte"
_UAI: Final = "Problème d'UAI"


@dataclass(frozen=True, slots=True)
class Motif:
    """A reason to refuse: the status that it gives, who is to mend, what must be said.

    `precision` is what the instructor is asked to write, `obligatoire` whether it must be there.
    """

    code: str
    famille: str
    libelle: str
    statut: Statut
    plateformes: tuple[Plateforme, ...]
    tag: str
    obligatoire: bool = False
    precision: str | None = None
    groupe: str | None = None
    libelle_court: str | None = None


_NON: Final = Statut.NON_PUBLIE
_ATTENTE: Final = Statut.EN_ATTENTE

MOTIFS: Final[tuple[Motif, ...]] = (
    Motif("ville_incorrecte", _LIEU, "La ville du lieu de réalisation est incorrecte",
          _NON, _TOUTES, "RCO", obligatoire=True,
          precision="Adresse attendue", groupe=_ADRESSE),
    Motif("adresse_changee", _LIEU,
          "La ville du lieu de réalisation est correcte mais l’adresse a changé",
          _ATTENTE, _TOUTES, "RCO", obligatoire=True,
          precision="Adresse attendue", groupe=_ADRESSE),
    Motif("organisme_change", _LIEU, "L'organisme responsable ou formateur a changé",
          _NON, _TOUTES, "RCO", obligatoire=True,
          precision="Organisme attendu, si possible Siret et UAI"),
    Motif("organisme_injoignable", _LIEU, "L'organisme est injoignable", _NON, _TOUTES, "RCO"),
    Motif("sans_site_de_gestion", _LIEU, "Absence de site de gestion sur Parcoursup",
          _NON, _PS, "RCO"),
    Motif("lieu_non_immatriculable", _LIEU, "Lieu non immatriculable",
          _ATTENTE, _TOUTES, "SSA", groupe=_UAI),
    Motif("organisme_sans_uai", _LIEU, "Absence d'UAI sur le formateur et/ou le responsable",
          _ATTENTE, _TOUTES, "SSA", groupe=_UAI),
    Motif("uai_errone_ou_ferme", _LIEU, "UAI erroné ou fermé",
          _ATTENTE, _TOUTES, "SSA", obligatoire=True,
          precision="Ce qui ne va pas avec cet UAI", groupe=_UAI),
    Motif("offre_annulee", _FORMATION, "L'offre a été annulée", _NON, _TOUTES, "RCO"),
    Motif("referencement_non_demande", _FORMATION,
          "L’organisme n’a pas demandé le référencement de cette offre sur Parcoursup",
          _ATTENTE, _PS, "N/A"),
    Motif("affichage_non_souhaite", _FORMATION,
          "L'organisme ne souhaite pas que cette offre soit affichée",
          _NON, _TOUTES, "N/A", libelle_court="L'organisme ne souhaite pas l'affichage"),
    Motif("offre_en_double", _FORMATION, "L'offre est en double", _NON, _TOUTES, "RCO",
          precision="Clé ministère éducatif ou adresse de l'autre offre"),
    Motif("dates_et_duree_discordantes", _FORMATION,
          "Les dates de formation ne correspondent pas à la durée déclarée",
          _ATTENTE, _TOUTES, "RCO"),
    Motif("duree_ou_annee_incorrecte", _FORMATION,
          "La durée déclarée et/ou l'année d'entrée en apprentissage est incorrecte.",
          _NON, _TOUTES, "RCO", obligatoire=True,
          precision="Paramètre incorrect : année d'entrée, durée"),
    Motif("dispositif_specifique", _FORMATION,
          "Dispositif spécifique, non accessible aux élèves de 3e",
          _NON, _AF, "DNE", obligatoire=True,
          precision="Dispositif"),
    Motif("public_mixte", _FORMATION, "Public mixte (scolaires/apprentis)", _NON, _TOUTES, "N/A",
          libelle_court="Public mixte scolaires/apprentis"),
    Motif("non_parametree", _AUTRE, "Non paramétré dans Parcoursup", _ATTENTE, _PS, "N/A"),
    Motif("autorisation_en_attente", _AUTRE,
          "Autorisation externe en attente (Drafpica, Draaf, Moss, …)",
          _ATTENTE, _PS, "SAIO/SRFD", precision="Autorisation attendue",
          libelle_court="Autorisation externe en attente"),
    Motif("non_autorisee", _AUTRE, "Non autorisé (Drafpica, Draaf, Moss, SAIO)",
          _NON, _PS, "N/A", precision="Décideur et motif"),
    Motif("motif_introuvable", _AUTRE, "Motif introuvable ?",
          _ATTENTE, _TOUTES, "N/A", obligatoire=True,
          precision="Motif en toutes lettres"),
)  # fmt: skip

_PAR_NOM: Final = {
    nom: motif
    for motif in MOTIFS
    for nom in (motif.code, motif.libelle, motif.libelle_court)
    if nom is not None
}


def trouver(nom: str) -> Motif | None:
    """Find a motif by its code or by one of its labels, letter for letter."""
    return _PAR_NOM.get(nom)
