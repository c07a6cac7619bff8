"""Which adapter answers each group of cases, and how the group is compared."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tests.acceptance import (
    collecte,
    decisions,
    enrichment,
    gestion,
    http,
    identifiants,
    perimetre,
    publication,
    qualite,
)
from tests.acceptance.enrichment import Tables
from tests.acceptance.jugement import Cas, Donnees, Regard
from tests.acceptance.outils import NonPrisEnCharge, jour
from tests.support.mongo import real_mongo

if TYPE_CHECKING:
    from tests.acceptance.banc_http import Bancs

__all__ = ["GROUPES", "Groupe", "Ici", "NonPrisEnCharge"]

Reponse = dict[str, Any]


@dataclass
class Ici:
    """What adapters work with: the defaults of the file, the tables, the applications.

    A MongoDB is started at the first case that needs one, unless `mongo` or the environment gives
    one; what was started here ends with `fin`.
    """

    defauts: Mapping[str, Any]
    refdata: Path | None
    mongo: str | None = None
    fin: ExitStack = field(default_factory=ExitStack)

    @cached_property
    def tables(self) -> Tables:
        """The tables that the cases name."""
        if self.refdata is None:
            raise NonPrisEnCharge("no folder of tables (CATALOGUE_REFDATA)")
        return Tables(self.refdata)

    @cached_property
    def bancs(self) -> "Bancs":
        """The applications that cases of HTTP ask, loaded for them alone."""
        banc = import_module("tests.acceptance.banc_http")
        mongo = self.mongo or self.fin.enter_context(real_mongo())
        ouverts: Bancs = self.fin.enter_context(banc.bancs(mongo))
        return ouverts


@dataclass(frozen=True, slots=True)
class Groupe:
    """How a group is answered and compared."""

    repondre: Callable[[Cas, Ici], Reponse]
    regard: Regard = field(default_factory=Regard)


def _donne(repondre: Callable[[Donnees], Reponse], regard: Regard | None = None) -> Groupe:
    return Groupe(lambda cas, _: repondre(cas["given"]), regard or Regard())


def _enrichi(cas: Cas, ici: Ici) -> Reponse:
    return enrichment.repondre(cas["group"], cas["given"], ici.tables)


def _geo(cas: Cas, ici: Ici) -> Reponse:
    return identifiants.geo(cas["given"], ici.tables.geo)


_CLES_TROUVEES: Final = Regard(sans_ordre=frozenset({"found", "keys", "differences"}))

GROUPES: Final[Mapping[str, Groupe]] = {
    "perimeter/": Groupe(
        lambda cas, ici: perimetre.repondre(cas["given"], ici.defauts),
    ),
    "one bad night (flux glitch)": Groupe(
        lambda cas, ici: perimetre.nuits(cas["given"], ici.defauts),
    ),
    "dates": _donne(identifiants.dates_, Regard(inclus=frozenset({"lines_include"}))),
    "identifiers/UAI": _donne(identifiants.uai_),
    "identifiers/SIRET": _donne(identifiants.siret_),
    "identifiers/CFD": _donne(identifiants.cfd_),
    "identifiers/RNCP": _donne(identifiants.rncp_),
    "identifiers/clé ministère éducatif": _donne(identifiants.cle_),
    "identifiers/geo codes": Groupe(_geo),
    "enrichment/niveau": _donne(enrichment.niveau_),
    "enrichment/cfd_entree": _donne(enrichment.cfd_entree_),
    "enrichment/UAI du lieu": _donne(enrichment.uai),
    **{nom: Groupe(_enrichi) for nom in enrichment.AVEC_TABLES},
    "quality/habilitation": _donne(qualite.habilitation),
    "quality/établissement de référence": _donne(qualite.reference),
    "quality/catalogue réglementaire": _donne(qualite.reglementaire),
    "quality/établissement link": Groupe(lambda cas, _: qualite.lien(cas)),
    "quality/RNCP eligibility": _donne(qualite.eligibilite),
    "collection": Groupe(lambda cas, ici: collecte.collecte(cas["given"], ici.refdata)),
    "collection/key changes": Groupe(
        lambda cas, _: collecte.changements_de_cle(cas), _CLES_TROUVEES
    ),
    "collection/dual control": _donne(collecte.double_controle, _CLES_TROUVEES),
    "collection/sessions": _donne(identifiants.sessions_),
    "histories": _donne(collecte.histoires, _CLES_TROUVEES),
    "instructor decisions": _donne(
        decisions.decider, Regard(sans_ordre=frozenset({"clears", "sets", "only_updates"}))
    ),
    "Parcoursup feed": _donne(decisions.envoyer),
    "campaign start": Groupe(
        lambda cas, ici: publication.campagne(cas["given"], ici.defauts),
    ),
    "Parcoursup publications read-back": _donne(publication.relecture),
    "annule et remplace": Groupe(
        lambda cas, ici: publication.remplacement(cas["given"], ici.defauts),
    ),
    "Affelnet coverage": Groupe(
        lambda cas, _: publication.couverture(cas["given"], cas["expect"]["formations"]),
    ),
    "Affelnet reinit": _donne(gestion.reinit),
    "Parcoursup matching (2020-2022)": _donne(gestion.rapprochement),
    "perimeter rule editing": _donne(gestion.regles),
    "reports": _donne(gestion.rapports),
    "previous season comparison": Groupe(
        lambda cas, ici: gestion.saison(
            cas["given"], jour(cas["given"].get("now", ici.defauts["now"]))
        ),
    ),
    "HTTP": Groupe(lambda cas, ici: http.repondre(cas, lambda: ici.bancs)),
}
