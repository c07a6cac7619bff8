"""How identifiers are read (domain.md §1.1): clé, SIRET, UAI, CFD, RNCP."""

from typing import Final

from contracts.identifiants import cfd, cle, periode, rncp, siret, uai
from contracts.identifiants.textes import compact, texte
from services.collect.domain.constat import Constat, constat
from services.collect.domain.lecture_champs import (
    Lecture,
    Offre,
    dire_ce_qui_est_lu,
    dire_le_zero,
    memoire,
    trop,
)

_CITES_MAX: Final = 20

_siret = memoire(siret.lire)
_uai = memoire(uai.normaliser)
_cfd = memoire(cfd.lire)
_rncp = memoire(rncp.normaliser)


def lire_cle(champ: str, valeur: object, offre: Offre, constats: list[Constat]) -> None:
    """Keep a well-formed clé; a malformed one would be an alias that no other source knows."""
    lue = cle.lire(valeur)
    if lue is not None:
        offre[champ] = lue.texte
    elif texte(valeur):
        constats.append(constat("cle_mal_formee", champ, valeur))


def lire_cles(champ: str, valeur: object, offre: Offre, constats: list[Constat]) -> None:
    """Keep the well-formed clés of a list, distinct and ascending."""
    lues = {morceau: cle.lire(morceau) for morceau in periode.morceaux(valeur)}
    bonnes = sorted({lue.texte for lue in lues.values() if lue})
    if bonnes and not trop(bonnes, champ, constats):
        offre[champ] = bonnes
    mauvaises = [brut for brut, lue in lues.items() if not lue]
    constats += [constat("valeur_illisible", champ, m) for m in mauvaises[:_CITES_MAX]]


def lire_siret(mal_forme: str, siren_seul: str) -> Lecture:
    """Return the reading of a SIRET; the codes are those of values that are no fourteen digits."""
    codes = {siret.Defaut.MAL_FORME: mal_forme, siret.Defaut.SIREN_SEUL: siren_seul}

    def lire(champ: str, valeur: object, offre: Offre, constats: list[Constat]) -> None:
        lu = _siret(valeur)
        if lu.siret is None:
            if lu.defaut and (texte(valeur) or not isinstance(valeur, str)):
                constats.append(constat(codes[lu.defaut], champ, valeur))
            return
        offre[champ] = lu.siret
        if lu.siret != valeur:
            dire_ce_qui_est_lu(champ, valeur, lu.siret, constats)
        if lu.defaut is not None:
            constats.append(constat(f"siret_{lu.defaut}", champ, lu.siret))

    return lire


def lire_uai(champ: str, valeur: object, offre: Offre, constats: list[Constat]) -> None:
    """Keep a well-formed UAI; what its letter should be is proposed with the rest of the offer."""
    lu = _uai(valeur)
    if lu is None:
        if texte(valeur):
            constats.append(constat("uai_mal_forme", champ, valeur))
        return
    offre[champ] = lu
    if lu != valeur:
        dire_ce_qui_est_lu(champ, valeur, lu, constats)
    if uai.lettre(lu[:7]) != lu[7]:
        constats.append(constat("uai_lettre_fausse", champ, lu))


def lire_cfd(champ: str, valeur: object, offre: Offre, constats: list[Constat]) -> None:
    """Keep the eight characters of the diploma, and apart the letter of its speciality."""
    lu = _cfd(valeur)
    if lu is None:
        if texte(valeur):
            constats.append(constat("cfd_mal_forme", champ, valeur))
        return
    offre[champ] = lu.code
    if lu.specialite:
        offre["cfd_specialite"] = lu.specialite
    if lu.code != valeur:
        dire_le_zero(champ, valeur, lu.code, constats)


def lire_rncp(champ: str, valeur: object, offre: Offre, constats: list[Constat]) -> None:
    """Keep `RNCPnnnnn`; `NR`, not registered, is no number and no fault."""
    lu = _rncp(valeur)
    if lu is not None:
        offre[champ] = lu
    elif compact(valeur) not in {"", rncp.NON_INSCRIT}:
        constats.append(constat("rncp_mal_forme", champ, valeur))
