"""The commune of a place from its INSEE and post codes (domain.md §1.1, §2 "Geo"), offline."""

from dataclasses import dataclass
from typing import Any

from contracts.identifiants import code_postal as code_postal_
from contracts.identifiants import insee as insee_
from contracts.identifiants.cle import INSEE_A_DISTANCE
from services.enrich.domain.constats import Constat, Constats, constat
from services.enrich.domain.references.tables import Commune, Departement, References


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
    champs: tuple[str, str] = ("code_commune_insee", "code_postal"),
) -> Situation:
    """Return where the declared codes lead; the declared commune wins over the post code.

    A former commune gives the current one. A post code serves where no commune is declared, when
    it has exactly one. `champs` are the names of both codes in findings.
    """
    champ_insee, champ_postal = champs
    constats: list[Constat] = []
    insee, code_postal = _redresser(insee, code_postal, champ_postal, references, constats)
    if insee is None and code_postal is not None:
        insee = _deduire(code_postal, champs, references, constats)
    commune = _actuelle(insee, champ_insee, references, constats)
    if commune is not None and code_postal is not None:
        _confronter(code_postal, commune, champ_postal, references, constats)
    if commune is not None and code_postal is None and len(commune.codes_postaux) == 1:
        code_postal = commune.codes_postaux[0]
    code_departement = (
        commune.departement
        if commune
        else insee_.departement(insee) or code_postal_.departement(code_postal)
    )
    return Situation(
        commune.code if commune else insee,
        code_postal,
        commune,
        references.departements.get(code_departement or ""),
        tuple(constats),
    )


def _redresser(
    insee: str | None,
    code_postal: str | None,
    champ: str,
    references: References,
    constats: list[Constat],
) -> tuple[str | None, str | None]:
    """Set right an INSEE code that was typed as the post code."""
    if code_postal is None or code_postal in references.communes_par_code_postal:
        return insee, code_postal
    commune = references.communes.get(code_postal)
    if commune is None or insee not in {None, code_postal}:
        return insee, code_postal
    codes = commune.codes_postaux
    propre = codes[0] if len(codes) == 1 else None
    constats.append(constat("insee_en_code_postal", champ, code_postal, propre))
    return commune.code, propre


def _deduire(
    code_postal: str, champs: tuple[str, str], references: References, constats: list[Constat]
) -> str | None:
    communes = references.communes_par_code_postal.get(code_postal, ())
    if len(communes) == 1:
        constats.append(constat("commune_deduite", champs[0], code_postal, communes[0]))
        return communes[0]
    code = "commune_indeterminee" if communes else "code_postal_inconnu"
    constats.append(constat(code, champs[0] if communes else champs[1], code_postal))
    return None


def _actuelle(
    insee: str | None, champ: str, references: References, constats: list[Constat]
) -> Commune | None:
    if insee is None or insee == INSEE_A_DISTANCE:
        return None
    commune = references.communes.get(insee)
    if commune is not None:
        return commune
    commune = references.communes.get(references.anciennes_communes.get(insee, ""))
    if commune is None:
        constats.append(constat("commune_inconnue", champ, insee))
    else:
        constats.append(constat("commune_ancienne", champ, insee, commune.code))
    return commune


def _confronter(
    code_postal: str,
    commune: Commune,
    champ: str,
    references: References,
    constats: list[Constat],
) -> None:
    if code_postal in commune.codes_postaux:
        return
    communes = references.communes_par_code_postal.get(code_postal, ())
    if commune.code in communes:
        return
    departements = {references.communes[code].departement for code in communes}
    departements = departements or {str(code_postal_.departement(code_postal))}
    ailleurs = commune.departement not in departements
    code = "code_postal_autre_departement" if ailleurs else "code_postal_autre_commune"
    codes = commune.codes_postaux
    constats.append(constat(code, champ, code_postal, codes[0] if len(codes) == 1 else None))
