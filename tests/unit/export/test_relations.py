"""The relations of applications: read from the site's export, without addresses."""

import pytest

from services.export.domain.entetes import EnteteRefusee
from services.export.domain.relations import lire_relations, statut_candidatures

ENTETE = [
    "Siret de l'établissement responsable",
    "Email de contact de l’organisme responsable",
    "Siret de l'établissement formateur",
    "UAI de l'établissement formateur",
    "Statut générique",
    "Nombre de vœux",
]
UN, DEUX = "19060793700074", "19840110100011"


def ligne(statut: str, formateur: str = DEUX) -> list[str]:
    return [UN, "cfa@example.org", formateur, '"', statut, "12"]


def test_each_status_of_the_file_is_known() -> None:
    lues = lire_relations(
        [
            (1, ENTETE),
            (2, ligne("✅ Candidatures toutes téléchargées", UN)),
            (3, ligne("⚠️ Mise à jour non téléchargée")),
            (4, ligne("⚠️ Candidatures non téléchargées")),
            (5, ligne("autre")),
            (6, ligne("⚠️ Candidatures non téléchargées", "")),
        ]
    )
    assert {cle: une["telechargement"] for cle, une in lues.relations.items()} == {
        f"{UN}-{UN}": "toutes",
        f"{UN}-{DEUX}": "aucune",
    }
    assert [une["ligne"] for une in lues.refusees] == [5, 6]
    assert "example.org" not in repr(lues)


def test_the_columns_are_needed() -> None:
    with pytest.raises(EnteteRefusee, match="STATUT_GENERIQUE"):
        lire_relations([(1, ENTETE[:3])])


@pytest.mark.parametrize(
    ("telechargement", "intervention", "texte"),
    [
        ("toutes", False, "Candidatures téléchargées"),
        ("partie", True, "Candidatures partiellement téléchargées"),
        ("aucune", False, "non téléchargées, sans modification"),
        ("aucune", True, "non téléchargées, avec modification"),
    ],
)
def test_what_is_shown_of_an_offer(telechargement: str, intervention: bool, texte: str) -> None:
    relation = {"telechargement": telechargement}
    if intervention:
        relation |= {"intervention": "x"}
    assert texte in (statut_candidatures(relation, perimetre=True) or "")


def test_an_offer_without_relation() -> None:
    assert statut_candidatures(None, perimetre=False) is None
    assert "nouveaux organismes" in (statut_candidatures(None, perimetre=True) or "")
