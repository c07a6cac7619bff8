"""Reference files that are damaged, incomplete or of another form: refused, or told."""

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook  # type: ignore[import-untyped]

from services.enrich.adapters.fichiers import lire_dossier, lire_fichier
from services.enrich.adapters.pieces import lire_octets
from services.enrich.domain.chargement.certifications import KIT
from services.enrich.domain.chargement.exports import EXPORTS
from services.enrich.domain.chargement.modele import FichierRefuse, TableLue
from services.enrich.domain.chargement.reconnaissance import Piece, lire_pieces
from services.enrich.domain.chargement.texte import decoder, rangees

N_MEF = (
    "MEF;FORMATION_DIPLOME;DUREE_DISPOSITIF;ANNEE_DISPOSITIF;DATE_FERMETURE;MEF_STAT_11\n"
    "3112320121;32023201;2;1;;32211023201\n"
)
STANDARD = (
    "Numero_Fiche;Intitule;Abrege_Libelle;Abrege_Intitule;Nomenclature_Europe_Niveau;"
    "Date_Fin_Enregistrement;Date_Effet;Type_Enregistrement;Actif\n"
    "RNCP100;Pâtissier;CAP;Certificat;NIV3;31/08/2026;;Enregistrement de droit;ACTIVE\n"
)
FICHES = """<?xml version="1.0" encoding="UTF-16"?>
<FICHES><FICHE>
  <NUMERO_FICHE>RNCP100</NUMERO_FICHE><INTITULE>MASTER</INTITULE>
  <ETAT_FICHE>Publiée</ETAT_FICHE><SI_JURY_CA>Oui</SI_JURY_CA>
  <TYPE_ENREGISTREMENT>Enregistrement sur demande</TYPE_ENREGISTREMENT>
  <CERTIFICATEURS><CERTIFICATEUR><SIRET_CERTIFICATEUR>11004301500012</SIRET_CERTIFICATEUR>
    <NOM_CERTIFICATEUR>MINISTERE</NOM_CERTIFICATEUR></CERTIFICATEUR></CERTIFICATEURS>
  <PARTENAIRES><PARTENAIRE><NOM_PARTENAIRE>ALYRA</NOM_PARTENAIRE>
    <SIRET_PARTENAIRE>82815245400033</SIRET_PARTENAIRE>
    <HABILITATION_PARTENAIRE>Habilitation pour former et organiser
      l’évaluation</HABILITATION_PARTENAIRE></PARTENAIRE></PARTENAIRES>
</FICHE></FICHES>
"""


def _lire(dossier: Path, nom: str, contenu: bytes | str, table: str | None = None) -> TableLue:
    chemin = dossier / nom
    chemin.write_bytes(contenu.encode() if isinstance(contenu, str) else contenu)
    (lue,) = lire_fichier(chemin, table)
    return lue


def test_an_export_with_a_column_less_is_refused_and_the_column_named(tmp_path: Path) -> None:
    with pytest.raises(FichierRefuse, match=r"colonnes absentes : date_fermeture ; .*format"):
        _lire(tmp_path, "n_mef.csv", N_MEF.replace("DATE_FERMETURE", "FIN"))


def test_fiches_are_refused_without_the_files_that_complete_them(tmp_path: Path) -> None:
    with pytest.raises(FichierRefuse, match=r"à charger avec Rome, Nsf, VoixdAccès"):
        _lire(tmp_path, "export_fiches_CSV_Standard_2024_02_22.csv", STANDARD)


def test_a_file_without_a_usable_row_says_why(tmp_path: Path) -> None:
    with pytest.raises(FichierRefuse, match=r"1 × MEF malformé \(ligne 2\)"):
        _lire(tmp_path, "n_mef.csv", N_MEF.replace("3112320121", "31123"))


def test_the_older_fiches_say_who_certifies_and_prepares(tmp_path: Path) -> None:
    chemin = tmp_path / "export-fiches-rncp-2021-03-02.xml"
    chemin.write_text(FICHES, encoding="utf-8")
    lues = {lue.bilan.table: lue.lignes for lue in lire_fichier(chemin)}

    assert set(lues) == {"rncp", "certificateurs", "partenaires"}
    assert lues["certificateurs"] == [["RNCP100", "MINISTERE", "11004301500012"]]
    assert lues["partenaires"] == [["RNCP100", "82815245400033", "HABILITATION_ORGA_FORM", "ALYRA"]]


def test_the_newest_of_several_editions_is_taken_and_its_pages_are_joined(tmp_path: Path) -> None:
    exports = tmp_path / "exports"
    exports.mkdir()
    for nom, code in (
        ("kit_20231218_1.csv", "RNCP1"),
        ("kit_20250131_1.csv", "RNCP2"),
        ("kit_20250131_2.csv", "RNCP3"),
    ):
        (exports / nom).write_text(f"Code_Diplome;Code_RNCP\n50022137;{code}\n", encoding="utf-8")

    (lue,) = lire_dossier(tmp_path, [KIT])
    assert [rncp for _, rncp in lue.lignes] == ["RNCP2", "RNCP3"]


def test_a_normalised_file_with_a_later_day_wins_over_an_export(tmp_path: Path) -> None:
    for dossier, nom, contenu in (
        ("exports", "kit_20231218.csv", "Code_Diplome;Code_RNCP\n50022137;RNCP1\n"),
        ("certifications", "cfd_rncp_kit_2025-01-31.csv", "cfd,code_rncp\n50022137,RNCP2\n"),
    ):
        (tmp_path / dossier).mkdir()
        (tmp_path / dossier / nom).write_text(contenu, encoding="utf-8")

    (lue,) = lire_dossier(tmp_path, [KIT])
    assert lue.lignes == [["50022137", "RNCP2"]]


@pytest.mark.parametrize("contenu", ["3112320121\n3112320122\n", "MEF\n3112320121\n3112320122\n"])
def test_a_bare_list_of_codes_is_read(tmp_path: Path, contenu: str) -> None:
    lue = _lire(tmp_path, "liste.csv", contenu, "mefs_parcoursup")

    assert lue.lignes == [["3112320121"], ["3112320122"]]


def test_a_few_lost_bytes_do_not_turn_utf_8_into_another_encoding() -> None:
    entier = "code;nom\n93;Provence-Alpes-Côte d'Azur\n84;Auvergne-Rhône-Alpes\n11;Île\n".encode()

    lu = decoder(entier[:-1].removesuffix(b"\xeele") + b"\xc3", "regions.csv")
    assert (lu.encodage, "Côte" in lu.texte, lu.texte[-1]) == ("utf-8", True, "\ufffd")


def test_an_unknown_encoding_is_refused_with_what_to_do() -> None:
    with pytest.raises(FichierRefuse, match="enregistrez ce fichier en UTF-8"):
        decoder(b"\xd1\xd8\xdd\xde\xf0\xfe" * 20, "inconnu.csv")


def _classeur() -> bytes:
    classeur = Workbook()
    for rangee in (("Code Diplôme", "Code RNCP"), ("50022137", "RNCP100")):
        classeur.active.append(rangee)
    octets = io.BytesIO()
    classeur.save(octets)
    return octets.getvalue()


def _archive() -> bytes:
    octets = io.BytesIO()
    with zipfile.ZipFile(octets, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("n_mef.csv", N_MEF * 20)
    return octets.getvalue()


@given(
    st.sampled_from(
        [
            ("kit.xlsx", _classeur()),
            ("export.zip", _archive()),
            ("kit.json", b'{"data": [{"code_cfd": "50022137", "code_rncp": "RNCP100"}]}'),
            ("fiches.xml", FICHES.encode()),
            ("n_mef.csv", N_MEF.encode()),
        ]
    ),
    st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=8),
    st.integers(0, 10_000),
)
def test_a_damaged_file_is_refused_or_read(
    fichier: tuple[str, bytes], changes: list[tuple[int, int]], coupe: int
) -> None:
    nom, octets = fichier
    abime = bytearray(octets)
    for rang, octet in changes:
        abime[rang % len(abime)] = octet
    if coupe < len(abime):
        del abime[coupe:]
    try:
        list(lire_octets(bytes(abime), nom))
    except FichierRefuse:
        return


def test_json_that_is_nested_too_deep_is_refused() -> None:
    with pytest.raises(FichierRefuse, match="JSON illisible"):
        list(lire_octets(b"[" * 100_000, "kit.json"))


def test_a_file_cut_inside_its_last_row_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(FichierRefuse, match=r"coupé .* téléchargez-le de nouveau"):
        _lire(tmp_path, "n_mef.csv", N_MEF[:-14])


def test_an_xml_with_a_document_type_is_refused(tmp_path: Path) -> None:
    bombe = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><FICHES>&a;</FICHES>'

    with pytest.raises(FichierRefuse, match="déclaration de type"):
        _lire(tmp_path, "fiches.xml", bombe)


@given(st.binary(max_size=300))
def test_no_bytes_make_a_reader_raise_anything_but_a_refusal(octets: bytes) -> None:
    try:
        lues = list(rangees(decoder(octets, "fichier").texte, "fichier"))
    except FichierRefuse:
        return
    try:
        lire_pieces([Piece("fichier.csv", lues)])
    except FichierRefuse:
        return


COLONNES = st.sampled_from(
    sorted({colonne for export in EXPORTS for colonne in export.colonnes} | {"cfd", "siret"})
)


@given(
    st.lists(COLONNES, min_size=1, max_size=6),
    st.lists(st.lists(st.text(max_size=12), max_size=7), max_size=4),
)
def test_no_rows_make_a_conversion_raise_anything_but_a_refusal(
    colonnes: list[str], lignes: list[list[str]]
) -> None:
    try:
        lire_pieces([Piece("fichier.csv", [colonnes, *lignes])])
    except FichierRefuse:
        return
