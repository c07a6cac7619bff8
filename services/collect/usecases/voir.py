"""The view of the alias table on which a batch is judged: whoever its lines may name."""

from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from typing import Final

from services.collect.domain.attribution import a_chercher, besoins
from services.collect.domain.identite import aliases_des_actions
from services.collect.domain.lignes import Ligne
from services.collect.domain.tenue import Tenue

_PLUSIEURS: Final = 2

Chercher = Callable[[Collection[str]], Awaitable[list[Tenue]]]
"""Returns the offers that bear some aliases, each once."""


async def completer_la_vue(
    vue: dict[str, Tenue], lignes: Sequence[Ligne], chercher: Chercher
) -> None:
    """Add to a view the offers that lines name, and those that bear the clés they may be given.

    `vue` holds all aliases of an offer or none.
    """
    noms = {nom for ligne in lignes for nom in ligne.aliases or ()}
    vue |= par_alias(await chercher(noms - vue.keys()))
    regroupees = {nom for ligne in lignes for nom in _actions_a_chercher(ligne, vue)}
    vue |= par_alias(await chercher(regroupees - vue.keys()))
    compte = besoins(lignes, vue)
    cherches: set[str] = set()
    while manquants := a_chercher(compte, vue, cherches):
        cherches |= manquants
        vue |= par_alias(await chercher(manquants))


def _actions_a_chercher(ligne: Ligne, vue: dict[str, Tenue]) -> Iterable[str]:
    """Return the aliases of the actions that a new line bundles."""
    offre, noms = ligne.offre, ligne.aliases
    if offre is None or noms is None or len(offre.get("ids_action", ())) < _PLUSIEURS:
        return ()
    return () if any(nom in vue for nom in noms) else aliases_des_actions(offre)


def par_alias(tenues: Sequence[Tenue]) -> dict[str, Tenue]:
    """Return offers by each of their aliases."""
    return {alias: tenue for tenue in tenues for alias in tenue.aliases}
