"""What a selection of offers is in MongoDB."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from contracts.statuts import Plateforme, Statut
from services.export.adapters.facettes import selectionner
from services.export.adapters.multicriteres import combiner
from services.export.domain.derivees import Reperes
from services.export.domain.recherche import (
    A_DECIDER,
    A_TRANSMETTRE,
    REJETEES,
    UAI_COMPLET,
    Recherche,
    Vue,
    code,
    mots,
    souple,
)
from services.export.ports import Document
from services.kernel.french import PARIS

_TEXTES: Final = (
    "projection.intitule_long",
    "projection.libelle_court",
    "projection.localite",
    "projection.etablissement_gestionnaire_raison_sociale",
    "projection.etablissement_gestionnaire_enseigne",
    "projection.etablissement_formateur_raison_sociale",
    "projection.etablissement_formateur_enseigne",
)
_CODES: Final = (
    "_id",
    "projection.cfd",
    "projection.cfd_entree",
    "projection.rncp_code",
    "projection.uai_formation",
    "projection.etablissement_gestionnaire_uai",
    "projection.etablissement_formateur_uai",
    "projection.etablissement_lieu_formation_siret",
    "projection.etablissement_gestionnaire_siret",
    "projection.etablissement_formateur_siret",
    "projection.bcn_mefs_10.mef10",
    "projection.id_formation",
    "projection.ids_action",
    "projection.id_certifinfo",
    "projection.cle_ministere_educatif",
)
_CLE: Final = "projection.cle_ministere_educatif"
_AUCUNE: Final[Document] = {"_id": {"$in": []}}


def filtrer(recherche: Recherche, reperes: Reperes, *, sauf: Iterable[str] = ()) -> Document:
    """Return the MongoDB filter of a selection, without the criteria named in `sauf`."""
    parties: list[Document] = []
    if recherche.academies is not None:
        parties.append({"projection.num_academie": {"$in": list(recherche.academies)}})
    ignores = set(sauf)
    parties += [
        selectionner(nom, recherche.plateforme, valeurs, reperes)
        for nom, valeurs in recherche.criteres.items()
        if nom not in ignores
    ]
    if recherche.vue is not Vue.TOUTES:
        parties.append(_vue(recherche))
    parties += _dates(recherche)
    parties += [_mot(mot, recherche) for mot in mots(recherche.texte or "")]
    if recherche.lignes:
        parties.append(combiner(recherche.lignes, recherche.combinateur))
    return {"$and": parties} if parties else {}


def _vue(recherche: Recherche) -> Document:
    plateformes = [recherche.plateforme] if recherche.plateforme else recherche.plateformes_vues
    parties = [_vue_de(recherche.vue, plateforme) for plateforme in plateformes]
    return {"$or": parties} if parties else _AUCUNE


def _vue_de(vue: Vue, plateforme: Plateforme) -> Document:
    affiche = f"affiche.{plateforme}"
    match vue:
        case Vue.A_DECIDER:
            return {affiche: _parmi(A_DECIDER)}
        case Vue.REJETEES:
            return {affiche: _parmi(REJETEES)}
        case Vue.EN_ATTENTE:
            return {affiche: Statut.EN_ATTENTE.value}
        case _:
            sans_uai = {"projection.uai_formation": {"$not": re.compile(UAI_COMPLET)}}
            retenue = {f"retenue.{plateforme}": {"$ne": None}}
            return {affiche: _parmi(A_TRANSMETTRE), "$or": [sans_uai, retenue]}


def _parmi(statuts: Iterable[Statut]) -> Document:
    return {"$in": sorted(statut.value for statut in statuts)}


def _dates(recherche: Recherche) -> list[Document]:
    parties: list[Document] = []
    nom = recherche.plateforme.value if recherche.plateforme else ""
    if recherche.statut_du or recherche.statut_au:
        bornes = _jours(recherche.statut_du, recherche.statut_au)
        parties.append({f"publication.depuis.{nom}": bornes})
    if recherche.publiee_du or recherche.publiee_au:
        bornes = _jours(recherche.publiee_du, recherche.publiee_au)
        # The date is kept with the answer; it is that of the offer while published (§3.4 e).
        publiee = {f"affiche.{nom}": Statut.PUBLIE.value}
        parties.append({**publiee, f"retours.{nom}.publiee_le": bornes})
    if recherche.debut_du or recherche.debut_au:
        du, au = (un.isoformat() if un else None for un in (recherche.debut_du, recherche.debut_au))
        # The same start has to lie within both bounds: two of them may not share the range.
        parties.append({"projection.date_debut": {"$elemMatch": _bornes(du, au, "$lte")}})
    return parties


def _bornes(du: object, au: object, avant: str) -> Document:
    bornes = {"$gte": du, avant: au}
    return {operateur: borne for operateur, borne in bornes.items() if borne is not None}


def _jours(du: date | None, au: date | None) -> Document:
    return _bornes(_minuit(du), _minuit(au, jours=1), "$lt")


def _minuit(jour: date | None, jours: int = 0) -> datetime | None:
    if jour is None:
        return None
    return datetime.combine(jour + timedelta(days=jours), time(), PARIS).astimezone(UTC)


def _mot(mot: str, recherche: Recherche) -> Document:
    lu = code(mot)
    trouve = re.compile(souple(mot))
    parties: list[Document] = [{champ_: trouve} for champ_ in _TEXTES]
    if lu is not None:
        identifiants = [f"retours.{une}.identifiant" for une in recherche.plateformes_vues]
        parties += [{champ_: lu} for champ_ in (*_CODES, *identifiants)]
        parties.append({_CLE: re.compile(f"^{re.escape(lu)}")})
    return {"$or": parties}
