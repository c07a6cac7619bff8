"""Proposals for what collect found by itself: the tables often know what was meant.

Collect judges a line without any table; its findings travel with the offer. Here each that names a
UAI or a SIRET gets what the tables would put in its place.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from contracts.evenements import Confiance
from contracts.identifiants import siret as siret_
from contracts.identifiants import uai as uai_
from services.enrich.domain.constats import Constat
from services.enrich.domain.enrichissement import uai_connus
from services.enrich.domain.references.tables import References

Offre: TypeAlias = Mapping[str, Any]
_Complete = Callable[[Constat, Offre, References], Constat]

_SIREN_OU_SIRET: Final = (9, 14)
_SURETES: Final = (Confiance.FAIBLE.value, Confiance.MOYENNE.value, Confiance.HAUTE.value)
_ROLES: Final = ("gestionnaire", "formateur", "lieu_formation")


def completer(constats: Sequence[Constat], offre: Offre, references: References) -> list[Constat]:
    """Return the findings of collect, in their order, with the proposals that the tables allow.

    A finding that no table can help, or whose own proposal is surer, is unchanged.
    """
    return [
        constat
        if (regle := _REGLES.get(constat["code"])) is None
        else _la_plus_sure(constat, regle(constat, offre, references))
        for constat in constats
    ]


def _la_plus_sure(constat: Constat, complete: Constat) -> Constat:
    """Return the finding whose proposal is the surest; what a table says wins a draw."""
    if not constat.get("correction"):
        return complete
    return constat if _surete(constat) > _surete(complete) else complete


def _surete(constat: Constat) -> int:
    return _SURETES.index(constat.get("confiance") or Confiance.FAIBLE.value)


def _uai(constat: Constat, offre: Offre, references: References) -> Constat:
    declare, connu = constat.get("valeur") or "", _connus(constat, offre, references)
    if constat["code"] == "uai_lettre_fausse" and uai_.est_bien_forme(declare):
        proposition = uai_connus.corriger_la_lettre(declare, connu)
    elif (trouve := uai_connus.proposer(declare, connu)) is not None:
        proposition = trouve
    else:
        return constat
    return _proposer(constat, proposition.uai, proposition.raison, proposition.confiance)


def _connus(constat: Constat, offre: Offre, references: References) -> uai_connus.Connus:
    """Return what is known of the establishment whose UAI this is."""
    champ = constat.get("champ") or ""
    du_lieu = "etablissement_lieu_formation_siret"
    siret = champ.removesuffix("_uai") + "_siret" if champ.endswith("_uai") else du_lieu
    return uai_connus.connus(offre.get(siret), references)


def _siret(constat: Constat, offre: Offre, references: References) -> Constat:
    """Propose the establishment of the same company that the offer or the list points to."""
    declare, champ = constat.get("valeur") or "", constat.get("champ") or ""
    if not declare.isdecimal() or len(declare) not in _SIREN_OU_SIRET:
        return constat
    siren = siret_.siren(declare)
    autres = [
        siret
        for role in _ROLES
        if (siret := offre.get(f"etablissement_{role}_siret"))
        and siret.startswith(siren)
        and siret_.est_valide(siret)
    ]
    if autres:
        raison = "C'est le SIRET de la même entreprise pour un autre rôle de cette offre."
        return _proposer(constat, autres[0], raison, Confiance.MOYENNE)
    connus = references.sirets_par_siren.get(siren, ())
    ouverts = [siret for siret in connus if not references.etablissements[siret].ferme]
    insee = offre.get(champ.replace("_siret", "_code_commune_insee"))
    ici = [
        siret for siret in ouverts if references.etablissements[siret].code_commune_insee == insee
    ]
    if len(ici) == 1:
        raison = "C'est le seul établissement connu de cette entreprise dans la commune déclarée."
        return _proposer(constat, ici[0], raison, Confiance.MOYENNE)
    if len(ouverts) == 1:
        raison = "C'est le seul établissement connu de cette entreprise."
        return _proposer(constat, ouverts[0], raison, Confiance.FAIBLE)
    return constat


def _proposer(constat: Constat, valeur: str, raison: str, confiance: Confiance) -> Constat:
    return {
        **constat,
        "proposition": valeur,
        "raison": raison,
        "confiance": confiance.value,
        "correction": {constat["champ"]: valeur},
    }


_REGLES: Final[dict[str, _Complete]] = {
    "uai_lettre_fausse": _uai,
    "uai_mal_forme": _uai,
    "siret_cle_fausse": _siret,
    "siret_siren_faux": _siret,
    "siret_siren_complete": _siret,
    "siret_lieu_siren_seul": _siret,
}
