"""From rules, previews and explanations to what the API gives."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal

from contracts.droits import Droit
from contracts.statuts import Plateforme
from services.export.domain.apercu_regles import Apercu, Effet, Mouvement
from services.export.domain.droits_regles import (
    Personne,
    Refus,
    refus_d_ecriture,
    refus_de_surcharge,
)
from services.export.domain.explication_regles import Explication, RegleExpliquee
from services.export.domain.filtre_lecture import dire
from services.export.domain.regles import lire_regle
from services.export.entrypoints.modeles_regles import (
    Action,
    ApercuLu,
    ClauseLue,
    Comptes,
    EffetLu,
    ExplicationLue,
    Passage,
    RaisonLue,
    RegleExpliqueeLue,
    RegleLue,
)

ECHANTILLON: Final = 20
_PLURIEL: Final[Mapping[Mouvement, Literal["entrent", "sortent", "changent"]]] = {
    Mouvement.ENTRE: "entrent",
    Mouvement.SORT: "sortent",
    Mouvement.CHANGE: "changent",
}
EN_TETE_REGLES: Final = (
    "identifiant",
    "version",
    "plateforme",
    "niveau",
    "diplome",
    "nom",
    "condition_integration",
    "statut",
    "num_academie",
    "duree",
    "annee",
    "regle_complementaire",
    "en_clair",
    "statuts_des_academies",
)
EN_TETE_EFFETS: Final = (
    "mouvement",
    "id",
    "cle_ministere_educatif",
    "intitule",
    "localite",
    "num_academie",
    "statut_avant",
    "statut_apres",
    "regle_avant",
    "regle_apres",
)


def presenter(document: Mapping[str, Any], personne: Personne) -> RegleLue:
    """Return a rule, with what this person may do to it."""
    contenu = document["contenu"]
    return RegleLue(
        id=document["_id"],
        version=document["version"],
        supprimee=document["supprimee"],
        modifiee_le=document["modifiee_le"],
        contenu=contenu,
        en_clair=en_clair(document),
        actions={nom: _action(refus) for nom, refus in _refus(document, personne)},
    )


def en_clair(document: Mapping[str, Any]) -> str:
    """Return what the complementary rule of a stored rule says, in French."""
    return dire(lire_regle(document["contenu"], id=document["_id"]).complementaire)


def _refus(document: Mapping[str, Any], personne: Personne) -> Iterable[tuple[str, Refus | None]]:
    contenu = document["contenu"]
    plateforme = Plateforme(contenu["plateforme"])
    ecriture = refus_d_ecriture(personne, Droit.MODIFIER_REGLE, plateforme)
    surcharge = refus_de_surcharge(personne, contenu, None)
    if document["supprimee"]:
        passee = Refus(
            "regle_supprimee",
            "Cette règle est supprimée.",
            "Créez-la de nouveau : elle sera rétablie sous le même identifiant.",
        )
        ecriture, surcharge = ecriture or passee, surcharge or passee
    return [("modifier", ecriture), ("supprimer", ecriture), ("surcharger", surcharge)]


def _action(refus: Refus | None) -> Action:
    if refus is None:
        return Action(permise=True)
    return Action(permise=False, raison=refus.raison, que_faire=refus.que_faire)


def ligne_de_regle(document: Mapping[str, Any]) -> list[object]:
    """Return a rule as a row of `EN_TETE_REGLES`."""
    lire = document["contenu"].get
    academies = lire("statut_academies") or {}
    return [
        document["_id"],
        document["version"],
        lire("plateforme"),
        lire("niveau"),
        lire("diplome"),
        lire("nom_regle_complementaire"),
        lire("condition_integration"),
        lire("statut"),
        lire("num_academie") or 0,
        lire("duree"),
        lire("annee"),
        lire("regle_complementaire"),
        en_clair(document),
        " | ".join(f"{numero} : {statut}" for numero, statut in sorted(academies.items())),
    ]


def ligne_d_effet(effet: Effet) -> list[object]:
    """Return an effect as a row of `EN_TETE_EFFETS`."""
    lire = effet.offre.get
    return [
        effet.mouvement.value,
        effet.id,
        lire("cle_ministere_educatif"),
        lire("intitule_long"),
        lire("localite"),
        lire("num_academie"),
        effet.statut_avant,
        effet.statut_apres,
        effet.regle_avant,
        effet.regle_apres,
    ]


def presenter_apercu(apercu: Apercu, plateforme: Plateforme) -> ApercuLu:
    """Return a preview, its samples bounded."""
    return ApercuLu(
        plateforme=plateforme,
        offres_examinees=apercu.examinees,
        decidees_par_la_regle={"avant": apercu.visees_avant, "apres": apercu.visees_apres},
        total=_comptes(apercu.comptes()),
        par_academie={
            academie: _comptes(comptes) for academie, comptes in apercu.par_academie().items()
        },
        statuts=[
            Passage.model_validate({"avant": avant, "apres": apres, "nombre": nombre})
            for (avant, apres), nombre in apercu.par_statut().most_common()
        ],
        echantillons={
            pluriel: [_effet(un) for un in apercu.echantillon(mouvement, ECHANTILLON)]
            for mouvement, pluriel in _PLURIEL.items()
        },
    )


def _comptes(comptes: Counter[Mouvement]) -> Comptes:
    return Comptes(**{pluriel: comptes[mouvement] for mouvement, pluriel in _PLURIEL.items()})


def _effet(effet: Effet) -> EffetLu:
    return EffetLu.model_validate(
        {
            **effet.offre,
            "id": effet.id,
            "mouvement": effet.mouvement,
            "statut_avant": effet.statut_avant,
            "statut_apres": effet.statut_apres,
            "regle_avant": effet.regle_avant,
            "regle_apres": effet.regle_apres,
        }
    )


def presenter_explication(explication: Explication, plateforme: Plateforme) -> ExplicationLue:
    """Return the explanation of an eligibility."""
    eligibilite = explication.eligibilite
    return ExplicationLue(
        plateforme=plateforme,
        perimetre=eligibilite.perimetre,
        statut=eligibilite.statut,
        statut_initial=eligibilite.statut_initial,
        regle=eligibilite.regle,
        version=eligibilite.version,
        clauses=[
            ClauseLue(
                clause=une.clause.value, tenue=une.tenue, phrase=une.phrase, faits=dict(une.faits)
            )
            for une in explication.clauses
        ],
        regles=[_regle_expliquee(une) for une in explication.regles],
    )


def _regle_expliquee(une: RegleExpliquee) -> RegleExpliqueeLue:
    return RegleExpliqueeLue(
        id=une.regle.id,
        version=une.regle.version,
        nom=une.regle.nom,
        num_academie=une.regle.num_academie,
        statut=une.statut,
        surchargee=une.surchargee,
        en_clair=une.en_clair,
        gagnante=une.gagnante,
        raisons=[
            RaisonLue(
                motif=raison.motif, phrase=raison.phrase, attendu=raison.attendu, vu=raison.vu
            )
            for raison in une.raisons
        ],
    )
