"""How the fields of the certification and of the quality rule come to their values."""

from typing import Final

from services.enrich.domain.provenance_modele import Regle, ensemble

_CERTIFICATION: Final = ("cfd", "rncp_code")
_DIPLOMES: Final = ("cfd", "niveaux", "kit_apprentissage")
_FICHES: Final = ("rncp", "kit_apprentissage", "cfd")
_PAS_DE_DIPLOME: Final = "Le diplôme n'est pas dans la table des diplômes en vigueur."
_PAS_DE_FICHE: Final = "Aucune fiche du répertoire n'est retenue pour cette offre."


def certification() -> dict[str, Regle]:
    """Return the rules of the diploma, of the fiche and of what follows from them."""
    diplome = Regle(
        "certification",
        "Table des diplômes, au code atteint par les remplacements.",
        _CERTIFICATION,
        tables=_DIPLOMES,
        absente=_PAS_DE_DIPLOME,
    )
    fiche = Regle(
        "rncp",
        "Fiche du répertoire : déposée, ou seule active pour le diplôme.",
        _CERTIFICATION,
        tables=(*_FICHES, "certificateurs"),
        absente=_PAS_DE_FICHE,
    )
    mefs = Regle(
        "mef",
        "MEF du diplôme qui s'accordent avec la durée et l'année.",
        ("cfd", "duree", "annee"),
        tables=("mef", "dispositifs", "mefs_parcoursup"),
        absente="La table des MEF n'en donne pas pour ce diplôme, cette durée et cette année.",
    )
    return {
        "cfd": Regle(
            "certification",
            "Code déposé, ou seul diplôme de la fiche.",
            _CERTIFICATION,
            ("cfd",),
            _DIPLOMES,
        ),
        "rncp_code": Regle(
            "rncp", fiche.texte, _CERTIFICATION, ("rncp_code",), _FICHES, _PAS_DE_FICHE
        ),
        **ensemble(
            (
                "cfd_entree",
                "cfd_outdated",
                "intitule_long",
                "intitule_court",
                "libelle_court",
                "diplome",
                "niveau",
                "niveau_formation_diplome",
                "nsf_code",
            ),
            diplome,
        ),
        "cfd_remplace_par": Regle(
            "remplacement",
            "Dernier diplôme de la chaîne des remplacements.",
            ("cfd",),
            tables=("cfd",),
            absente="Ce diplôme n'est pas remplacé.",
        ),
        "cfd_date_fermeture": Regle(
            "remplacement",
            diplome.texte,
            ("cfd",),
            tables=("cfd",),
            absente="Aucune date de fermeture n'est connue.",
        ),
        **ensemble(
            ("cfd_specialite_libelle", "cfd_specialite_libelle_court"),
            Regle(
                "certification",
                "Lettre de spécialité, la neuvième du diplôme.",
                ("cfd_specialite",),
                tables=("lettres",),
            ),
        ),
        **ensemble(
            (
                "rncp_intitule",
                "rncp_outdated",
                "rncp_eligible_apprentissage",
                "rncp_details",
            ),
            fiche,
        ),
        "romes": Regle(
            "rncp",
            "Métiers de la fiche.",
            _CERTIFICATION,
            tables=(*_FICHES, "rome"),
            absente="La fiche retenue ne cite aucun métier, ou il n'y a pas de fiche.",
        ),
        **ensemble(
            (
                "bcn_mefs_10",
                "mefs_8",
                "mefs_11",
                "mefs_10_approches",
                "parcoursup_mefs_10",
                "duree_incoherente",
                "annee_incoherente",
            ),
            mefs,
        ),
        **ensemble(
            ("onisep_url", "onisep_intitule"),
            Regle(
                "onisep",
                "Page de l'Onisep sur un MEF, sinon sur le diplôme.",
                ("cfd",),
                tables=("onisep",),
                absente="L'Onisep n'a pas de page pour ce diplôme.",
            ),
        ),
    }


def qualite() -> dict[str, Regle]:
    """Return the rules of the catalogue réglementaire."""
    texte = "Règle de qualité : Qualiopi, habilitation et éligibilité de l'établissement référent."
    d_apres = (
        "etablissement_gestionnaire_siret",
        "etablissement_formateur_siret",
        *_CERTIFICATION,
    )
    tables = ("etablissements", "qualiopi", "rncp", "certificateurs", "partenaires")
    absente = "Un des faits que la règle demande est inconnu."
    regle = Regle("qualite", texte, d_apres, tables=tables, absente=absente)
    champs = (
        "catalogue_reglementaire_calcule",
        "etablissement_reference",
        "etablissement_gestionnaire_habilite_rncp",
        "etablissement_formateur_habilite_rncp",
    )
    amont = "catalogue_published"
    publie = Regle(
        "qualite", "Dit par le Carif-Oref, ou calculé.", (amont, *d_apres), (amont,), tables
    )
    return {amont: publie, **ensemble(champs, regle)}
