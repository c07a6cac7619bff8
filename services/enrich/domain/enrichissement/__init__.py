"""Enrichment: from an offer to the formation that it describes (domain.md §2).

Pure: the same offer, tables and day give the same formation and findings. One module per family of
rules; `Enrichisseur` composes them and remembers what each family answered to the same question.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final, TypeAlias

from services.enrich.domain.constats import Constat, Constats
from services.enrich.domain.editions import Editions, appliquer, conflits
from services.enrich.domain.enrichissement import qualite, uai_lieu
from services.enrich.domain.enrichissement.collecte import recopier
from services.enrich.domain.enrichissement.diplome_et_fiche import Certifie, certifier_ensemble
from services.enrich.domain.enrichissement.etablissements import (
    DECLARES,
    Declaration,
    Role,
    presenter,
)
from services.enrich.domain.enrichissement.geocodage import Geocodage
from services.enrich.domain.enrichissement.lieu import Declare, localiser
from services.enrich.domain.enrichissement.mef import lister
from services.enrich.domain.enrichissement.memoire import Memoire
from services.enrich.domain.enrichissement.qualite import Politique
from services.enrich.domain.enrichissement.sessions import Calendrier
from services.enrich.domain.references.tables import References

Formation: TypeAlias = dict[str, Any]
"""Exactly the fields of `contracts.formation.Formation`. Values are shared: never change them."""

Fragment: TypeAlias = tuple[dict[str, Any], Constats]

_LIEU: Final = (
    "code_commune_insee",
    "code_postal",
    "localite",
    "lieu_formation_geo_coordonnees",
    "etablissement_formateur_siret",
)
_LIEU_ET_ADRESSE: Final = (*_LIEU, "lieu_formation_adresse")
_SANS_GEOCODAGE: Final[Mapping[str, Geocodage]] = {}
_D_AMONT: Final = Politique()
_GESTIONNAIRE: Final = tuple(f"etablissement_gestionnaire_{champ}" for champ in DECLARES)
_FORMATEUR: Final = tuple(f"etablissement_formateur_{champ}" for champ in DECLARES)


def enrichir(
    offre: Mapping[str, Any],
    references: References,
    jour: date,
    anciennes_cles: Sequence[str] = (),
    editions: Editions | None = None,
) -> tuple[Formation, list[Constat]]:
    """Return the formation that an offer describes on a day, and what the tables say of it.

    `offre` has the form of `contracts.offre.Offre`, to which `editions` give other values. A fact
    that no source gives is null.
    """
    return Enrichisseur(references, jour).enrichir(offre, anciennes_cles, editions)


class Enrichisseur:
    """`enrichir` for many offers under one version of the tables and one day."""

    def __init__(
        self,
        references: References,
        jour: date,
        geocodages: Mapping[str, Geocodage] = _SANS_GEOCODAGE,
        politique: Politique = _D_AMONT,
    ) -> None:
        """Answer by these tables, and what the address service said, as of this day.

        `politique` decides who says that an offer is in the catalogue réglementaire.
        """
        self.references = references
        self.jour = jour
        self.geocodages = geocodages
        self.politique = politique
        self._du_lieu = _LIEU_ET_ADRESSE if geocodages else _LIEU
        self._certifications: Memoire[Certifie] = Memoire(self._certifier)
        self._mefs: Memoire[Fragment] = Memoire(self._lister)
        self._qualites: Memoire[dict[str, Any]] = Memoire(self._juger)
        self._lieux: Memoire[Fragment] = Memoire(self._localiser)
        self._gestionnaires = self._presentes("gestionnaire")
        self._formateurs = self._presentes("formateur")
        self._calendrier = Calendrier(jour)

    def enrichir(
        self,
        offre: Mapping[str, Any],
        anciennes_cles: Sequence[str] = (),
        editions: Editions | None = None,
    ) -> tuple[Formation, list[Constat]]:
        """Return the formation and the findings; see the function of the same name."""
        if editions:
            formation, constats = self.enrichir(appliquer(offre, editions), anciennes_cles)
            return formation, [*constats, *conflits(offre, editions)]
        lire = offre.get
        certifie = self._certifications[lire("cfd"), lire("rncp_code"), lire("cfd_specialite")]
        mefs, sur_mefs = self._mefs[certifie.cfd, lire("duree"), lire("annee")]
        qualites = self._qualites[
            certifie.fiche,
            certifie.code_type_certif,
            lire("etablissement_gestionnaire_siret"),
            lire("etablissement_formateur_siret"),
        ]
        lieu, sur_lieu = self._lieux[tuple([lire(champ) for champ in self._du_lieu])]
        gestionnaire, sur_gestionnaire = self._gestionnaires[
            tuple([lire(champ) for champ in _GESTIONNAIRE])
        ]
        formateur, sur_formateur = self._formateurs[tuple([lire(champ) for champ in _FORMATEUR])]
        sessions, sur_sessions = self._calendrier.dater(offre)
        formation = {
            **recopier(offre, anciennes_cles),
            **certifie.champs,
            **mefs,
            **qualites,
            **gestionnaire,
            **formateur,
            **lieu,
            **sessions,
        }
        uai = uai_lieu.uai_du_lieu(
            None,
            lire("uai_formation") or lire("etablissement_lieu_formation_uai"),
            formation["etablissement_formateur_uai"],
            meme_commune=_meme_commune(formation),
        )
        formation["uai_formation"] = uai
        amont, calculee = (
            formation["catalogue_published"],
            qualites["catalogue_reglementaire_calcule"],
        )
        formation["catalogue_published"] = self.politique.trancher(amont=amont, calculee=calculee)
        sur_uai = uai_lieu.constater(
            uai,
            formation["num_departement"],
            formation["code_commune_insee"],
            lire("etablissement_lieu_formation_siret"),
            self.references,
            self.jour,
        )
        constats = [
            *certifie.constats,
            *sur_mefs,
            *sur_lieu,
            *sur_gestionnaire,
            *sur_formateur,
            *sur_uai,
            *sur_sessions,
            *qualite.constater(amont=amont, calculee=calculee),
        ]
        return formation, constats

    def _certifier(self, cfd: str | None, rncp: str | None, specialite: str | None) -> Certifie:
        return certifier_ensemble(cfd, rncp, specialite, self.references, self.jour)

    def _lister(self, cfd: str | None, duree: str | None, annee: str | None) -> Fragment:
        return lister(cfd, duree, annee, self.references, self.jour)

    def _juger(
        self,
        fiche: str | None,
        code_type_certif: str | None,
        gestionnaire: str | None,
        formateur: str | None,
    ) -> dict[str, Any]:
        return qualite.juger(
            fiche, code_type_certif, gestionnaire, formateur, self.references, self.jour
        )

    def _localiser(self, *declare: str | None) -> Fragment:
        return localiser(Declare(*declare), self.references, self.geocodages)

    def _presentes(self, role: Role) -> Memoire[Fragment]:
        def repondre(*declaration: str | None) -> Fragment:
            return presenter(role, Declaration(*declaration), self.references, self.jour)

        return Memoire(repondre)


def _meme_commune(formation: Formation) -> bool:
    """Tell whether formateur and place lie in the same commune, both known."""
    insee = formation["code_commune_insee"]
    return insee is not None and insee == formation["etablissement_formateur_code_commune_insee"]
