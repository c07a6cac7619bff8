"""The query parameters of the search, checked; the same for the API and the pages."""

import re
from datetime import date
from typing import Annotated, Any, Final, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    create_model,
    model_validator,
)

from contracts.identifiants import rncp
from services.search.domain.criteres import Criteres, Point, Publiees, Tri
from services.search.domain.filtres import FILTRES, NOMS_DES_FACETTES
from services.search.usecases.rechercher import Demande

LIMITE_MAX: Final = 200
VALEURS_MAX: Final = 100
AUCUNE: Final = "aucune"

Texte = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
_Oui = Annotated[
    str,
    BeforeValidator(
        lambda valeur: {"oui": "true", "non": "false"}.get(str(valeur).lower(), str(valeur).lower())
    ),
    StringConstraints(pattern="^(true|false)$"),
]
_Mois = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}$")]
_Rncp = Annotated[Texte, BeforeValidator(lambda valeur: rncp.normaliser(valeur) or valeur)]
_Serre = Annotated[Texte, BeforeValidator(lambda valeur: re.sub(r"[\s.]", "", str(valeur)))]
_TYPES: Final[dict[str, Any]] = {
    "a_distance": _Oui,
    "entree": _Mois,
    "rncp": _Rncp,
    "siret": _Serre,
}


class ParametresCommuns(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    q: Texte = Field("", description="Mots cherchés : intitulé, métier, organisme, lieu, codes.")
    etablissement: Texte = Field("", description="SIRET, UAI ou mots du nom d'un organisme.")
    entree_du: date | None = Field(None, description="Une entrée ce jour ou après.")
    entree_au: date | None = Field(None, description="Une entrée ce jour ou avant.")
    publiees: Publiees = Field(
        Publiees.OUI,
        description="Offres publiées par leur source (`oui`), les autres (`non`), `toutes`.",
    )
    autour_de: Texte = Field("", description="Commune (code INSEE ou nom) au centre.")
    lat: float | None = Field(None, ge=-90, le=90, allow_inf_nan=False)
    lon: float | None = Field(None, ge=-180, le=180, allow_inf_nan=False)
    rayon_km: float | None = Field(None, gt=0, le=1_000, allow_inf_nan=False)
    tri: Tri | None = Field(None, description="Par défaut, `pertinence`.")
    limite: int = Field(20, ge=1, le=LIMITE_MAX, description="Offres par page.")
    curseur: Annotated[str, StringConstraints(max_length=1_000)] = Field(
        "", description="`suivant` de la page précédente."
    )
    facettes: list[Literal[(*NOMS_DES_FACETTES, AUCUNE)]] = Field(  # type: ignore[valid-type]
        default_factory=list, description="Facettes à compter ; toutes par défaut."
    )

    @model_validator(mode="after")
    def _un_centre_entier(self) -> Self:
        if (self.lat is None) != (self.lon is None):
            raise ValueError("« lat » et « lon » vont ensemble : donnez les deux ou aucun.")
        if self.lat is not None and self.autour_de:
            raise ValueError("Donnez « autour_de », ou « lat » et « lon », pas les deux.")
        centre = self.lat is not None or self.autour_de
        if not centre and self.rayon_km is not None:
            raise ValueError(
                "« rayon_km » demande un centre : « autour_de », ou « lat » et « lon »."
            )
        if not centre and self.tri is Tri.DISTANCE:
            raise ValueError(
                "Le tri par distance demande un centre : « autour_de », ou « lat » et « lon »."
            )
        if self.entree_du and self.entree_au and self.entree_du > self.entree_au:
            raise ValueError("« entree_du » doit précéder « entree_au ».")
        return self

    def demande(self, *, carte: int | None = None) -> Demande:
        """Return the search asked for."""
        demandees = self.facettes or NOMS_DES_FACETTES
        criteres = Criteres(
            q=self.q,
            filtres={
                filtre.nom: tuple(valeurs)
                for filtre in FILTRES
                if (valeurs := getattr(self, filtre.nom))
            },
            etablissement=self.etablissement,
            entree_du=self.entree_du,
            entree_au=self.entree_au,
            publiees=self.publiees,
            point=None if self.lat is None or self.lon is None else Point(self.lat, self.lon),
            rayon_km=self.rayon_km,
            tri=self.tri or Tri.PERTINENCE,
            limite=self.limite,
            facettes=tuple(nom for nom in demandees if nom != AUCUNE),
        )
        return Demande(
            criteres=criteres, autour_de=self.autour_de, curseur=self.curseur, carte=carte
        )


Parametres: Any = create_model(  # type: ignore[call-overload]
    "Parametres",
    __base__=ParametresCommuns,
    **{
        filtre.nom: (
            list[_TYPES.get(filtre.nom, Texte)],  # type: ignore[misc]
            Field(
                default_factory=list,
                max_length=VALEURS_MAX,
                description=" : ".join(filter(None, (filtre.libelle, filtre.aide))),
            ),
        )
        for filtre in FILTRES
    },
)
"""The parameters above and one list per filter of the table; unknown names are refused."""
