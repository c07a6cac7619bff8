"""Which offer a line is (docs/decisions/0003-identity.md): its aliases, and where they lead."""

from collections.abc import Collection, Mapping
from typing import Final

from contracts.identifiants import cle as cles
from services.collect.domain.lecture_champs import Offre
from services.collect.domain.tenue import Tenue

CLE: Final = "cle:"
RCO: Final = "rco:"
REFERENCE: Final = "ref:"
CONTENU: Final = "doc:"
_ACTIONS_MAX: Final = 50


def aliases(offre: Offre, deposant: str, empreinte: str) -> list[str]:
    """Return the names that a line gives its offer, in the order in which they are followed.

    An offer without any identifier is named by its content, so that depositing the same file again
    changes nothing.
    """
    noms = []
    if cle := offre.get("cle_ministere_educatif"):
        noms.append(CLE + cle)
    if action := offre.get("id_action"):
        noms.append(_alias_rco(offre, action))
    if reference := offre.get("reference"):
        noms.append(f"{REFERENCE}{deposant}:{reference}")
    return noms or [f"{CONTENU}{deposant}:{empreinte}"]


def aliases_des_actions(offre: Offre) -> dict[str, str]:
    """Return, for a line that bundles actions, each by the alias that it alone would give."""
    actions = offre.get("ids_action", ())
    if not 1 < len(actions) <= _ACTIONS_MAX:
        return {}
    return {_alias_rco(offre, action): action for action in actions}


def precedentes(actions: Collection[str], existantes: Mapping[str, Collection[str]]) -> list[str]:
    """Return the offers, given with their actions, all of whose actions are among some.

    Those are the offers that a new record of these actions may come from (domain.md §1.1), when
    they have its formation and certifinfo, and no clé or one of year X.
    """
    parmi = set(actions)
    return [nom for nom, siennes in existantes.items() if siennes and parmi.issuperset(siennes)]


def resoudre(noms: list[str], cle: str | None, vue: Mapping[str, Tenue]) -> Tenue | None:
    """Return the offer that a line is, None for a new one; depends on the line and aliases only.

    By its clé; else by its RCO ids; else by the depositor's reference. The two latter lead to an
    offer under another clé only when that one has none but what the catalogue gave it, or when the
    clé gives its année to it.
    """
    for nom in noms:
        tenue = vue.get(nom)
        if tenue is None:
            continue
        officielle = None if tenue.cle_attribuee else tenue.cle
        if nom.startswith(CLE) or meme_cle(officielle, cle):
            return tenue
    return None


def sans_annee_officielle(tenue: Tenue) -> bool:
    """Tell whether an offer still waits for its official clé, or for the année of its clé."""
    lue = cles.lire(None if tenue.cle_attribuee else tenue.cle)
    return lue is None or not lue.annee_collectee


def meme_cle(tenue: str | None, donnee: str | None) -> bool:
    """Tell whether an offer under one clé, or none, may be the one given under another, or none."""
    if tenue is None or donnee is None or tenue == donnee:
        return True
    ancienne, nouvelle = cles.lire(tenue), cles.lire(donnee)
    return bool(ancienne and nouvelle and cles.precise_l_annee(ancienne, nouvelle))


def _alias_rco(offre: Offre, action: str) -> str:
    formation, certifinfo = offre.get("id_formation", ""), offre.get("id_certifinfo", "")
    return f"{RCO}{formation}|{action}|{certifinfo}"


def noms_cherches(texte: str, deposant: str | None) -> list[str]:
    """Return the aliases that an address may mean: a clé however encoded, RCO ids, a reference."""
    noms = [CLE + cles.depuis_adresse(texte), RCO + texte]
    return noms if deposant is None else [*noms, f"{REFERENCE}{deposant}:{texte}"]
