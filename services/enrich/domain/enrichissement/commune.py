"""The commune of a place from its INSEE and post codes (domain.md §1.1, §2 "Geo"), offline."""

from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from contracts.evenements import Confiance
from contracts.identifiants import code_postal as code_postal_
from contracts.identifiants import insee as insee_
from contracts.identifiants.cle import INSEE_A_DISTANCE
from services.enrich.domain.constats import Constat, Constats, constat
from services.enrich.domain.enrichissement import codes_communes, codes_postaux
from services.enrich.domain.enrichissement.codes_communes import Indices
from services.enrich.domain.references.tables import Commune, Departement, References

Champs = tuple[str, str]
_CHAMPS: Final[Champs] = ("code_commune_insee", "code_postal")
_SANS_INDICE: Final = Indices()


@dataclass(frozen=True, slots=True)
class Situation:
    """Where a place lies: its codes as completed, its commune if known, and what was found."""

    code_commune_insee: str | None
    code_postal: str | None
    commune: Commune | None
    departement: Departement | None
    constats: Constats

    def territoire(self) -> dict[str, Any]:
        """Return département, académie and région under the names of a formation."""
        lieu = self.departement
        return {
            "num_departement": lieu.code if lieu else None,
            "nom_departement": lieu.nom if lieu else None,
            "num_academie": lieu.num_academie if lieu else None,
            "nom_academie": lieu.nom_academie if lieu else None,
            "region": lieu.region if lieu else None,
        }


def situer(
    insee: str | None,
    code_postal: str | None,
    references: References,
    champs: Champs = _CHAMPS,
    indices: Indices = _SANS_INDICE,
) -> Situation:
    """Return where the declared codes lead; the declared commune wins over the post code.

    A former commune gives the current one. A post code serves where no commune is declared, when
    it has exactly one, or one that bears the declared name. `champs` are the names of both codes
    in findings, and in the corrections that these propose.
    """
    return _Recherche(references, champs, indices).situer(insee, code_postal)


@dataclass(slots=True)
class _Recherche:
    references: References
    champs: Champs
    indices: Indices
    constats: list[Constat] = field(default_factory=list)

    def situer(self, insee: str | None, code_postal: str | None) -> Situation:
        insee, code_postal = self._redresser(insee, code_postal)
        commune = self._commune(insee, code_postal)
        if commune is not None:
            code_postal = self._confronter(code_postal, commune)
        code_departement = (
            commune.departement
            if commune
            else insee_.departement(insee) or code_postal_.departement(code_postal)
        )
        return Situation(
            commune.code if commune else insee,
            code_postal,
            commune,
            self.references.departements.get(code_departement or ""),
            tuple(self.constats),
        )

    def _redresser(
        self, insee: str | None, code_postal: str | None
    ) -> tuple[str | None, str | None]:
        """Set right a post code that went out of use, and an INSEE code typed as the post code."""
        if actuel := codes_postaux.ANCIENS.get(code_postal or ""):
            self._dire(
                "code_postal_ancien",
                1,
                code_postal,
                actuel,
                "Ce code postal a été remplacé par un autre.",
                Confiance.HAUTE,
            )
            return insee, actuel
        if code_postal is None or self._est_postal(code_postal):
            return insee, code_postal
        commune = self.references.communes.get(code_postal)
        if commune is None or insee not in {None, code_postal}:
            return insee, code_postal
        self.constats.append(
            codes_postaux.insee_saisi(code_postal, commune, insee, self.champs, self.indices)
        )
        propres = commune.codes_postaux
        return commune.code, propres[0] if len(propres) == 1 else code_postal

    def _commune(self, insee: str | None, code_postal: str | None) -> Commune | None:
        if insee == INSEE_A_DISTANCE:
            return None
        if insee is None:
            return self._deduire(code_postal) if code_postal else None
        commune = self.references.communes.get(insee)
        if commune is not None:
            return self._preciser(commune, code_postal)
        succession = codes_communes.succeder(insee, self.references)
        if codes_postaux.est_saisi_en_insee(insee, code_postal, succession, self.references):
            return self._lire_code_postal(insee)
        if succession is None:
            self._inconnue(insee, code_postal)
            return None
        actuelle = succession.commune
        self._dire(
            "commune_ancienne",
            0,
            insee,
            actuelle.code,
            f"{succession.cause} ; le code actuel est {actuelle.code} ({actuelle.nom}).",
            Confiance.HAUTE,
        )
        return actuelle

    def _preciser(self, commune: Commune, code_postal: str | None) -> Commune:
        """Return the arrondissement of a divided city where the post code tells it."""
        parties = codes_communes.arrondissements(commune.code, self.references)
        if not parties:
            return commune
        dire = partial(self._dire, "commune_sans_arrondissement", 0, commune.code)
        if precis := codes_communes.arrondissement(commune.code, code_postal, self.references):
            dire(precis.code, f"Code postal {code_postal} : {precis.nom}.", Confiance.HAUTE)
            return precis
        if trouve := codes_communes.departager(parties, self.indices, self.references):
            raison = f"Parmi les arrondissements, {trouve.fait} : {trouve.commune.nom}."
            dire(trouve.commune.code, raison, trouve.confiance)
        else:
            dire()
        return commune

    def _deduire(self, code_postal: str) -> Commune | None:
        codes = codes_communes.du_code_postal(code_postal, self.references)
        if not codes:
            self._dire("code_postal_inconnu", 1, code_postal)
            return None
        if len(codes) == 1:
            commune = self.references.communes[codes[0]]
            raison = f"C'est la seule commune de ce code postal ({commune.nom})."
            self._dire("commune_deduite", 0, code_postal, commune.code, raison, Confiance.HAUTE)
            return commune
        indices = Indices(self.indices.localite)
        if nommee := codes_communes.departager(codes, indices, self.references):
            commune = nommee.commune
            raison = f"Parmi celles du code postal {code_postal}, {nommee.fait} : {commune.nom}."
            self._dire("commune_deduite", 0, code_postal, commune.code, raison, Confiance.MOYENNE)
            return commune
        self._proposer("commune_indeterminee", code_postal, code_postal)
        return None

    def _lire_code_postal(self, insee: str) -> Commune | None:
        """Read as a post code what was typed where the INSEE code belongs."""
        codes = codes_communes.du_code_postal(insee, self.references)
        if len(codes) == 1:
            commune = self.references.communes[codes[0]]
            raison = f"C'est la seule commune du code postal {insee} ({commune.nom})."
            self._dire("code_postal_en_insee", 0, insee, commune.code, raison, Confiance.HAUTE)
            return commune
        self._proposer("code_postal_en_insee", insee, insee)
        return None

    def _inconnue(self, insee: str, code_postal: str | None) -> None:
        self._proposer("commune_inconnue", insee, code_postal)

    def _proposer(self, code: str, valeur: str, code_postal: str | None) -> None:
        """Propose the commune of a post code that the rest of the offer points to, if one is."""
        codes = codes_communes.du_code_postal(code_postal, self.references)
        trouve = codes_communes.departager(codes, self.indices, self.references)
        if trouve is None and len(codes) == 1:
            seule = self.references.communes[codes[0]]
            trouve = codes_communes.Choix(seule, "c'est la seule", Confiance.MOYENNE)
        if trouve is None:
            self._dire(code, 0, valeur)
            return
        nom = trouve.commune.nom
        raison = f"Parmi les communes du code postal {code_postal}, {trouve.fait} : {nom}."
        self._dire(code, 0, valeur, trouve.commune.code, raison, trouve.confiance)

    def _confronter(self, code_postal: str | None, commune: Commune) -> str | None:
        """Return the post code to show: the declared one, else the only one of the commune."""
        if code_postal is None:
            return commune.codes_postaux[0] if len(commune.codes_postaux) == 1 else None
        if code_postal == commune.code and not self._est_postal(code_postal):
            return code_postal  # said already
        ecart = codes_postaux.confronter(
            code_postal, commune, self.champs, self.indices, self.references
        )
        if ecart is not None:
            self.constats.append(ecart)
        return code_postal

    def _est_postal(self, code: str) -> bool:
        return code in self.references.communes_par_code_postal

    def _dire(
        self,
        code: str,
        rang: int,
        valeur: str | None,
        proposition: str | None = None,
        raison: str | None = None,
        confiance: Confiance | None = None,
    ) -> None:
        champ = self.champs[rang]
        correction = {champ: proposition} if proposition else None
        self.constats.append(
            constat(
                code,
                champ,
                valeur,
                proposition,
                raison=raison,
                confiance=confiance,
                correction=correction,
            )
        )
