"""The view of the alias table on which a batch is judged: whoever its lines may name."""

from collections.abc import Awaitable, Callable, Collection, Sequence

from services.collect.domain.attribution import a_chercher, besoins
from services.collect.domain.lignes import Ligne
from services.collect.domain.tenue import Tenue

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
    compte = besoins(lignes, vue)
    cherches: set[str] = set()
    while manquants := a_chercher(compte, vue, cherches):
        cherches |= manquants
        vue |= par_alias(await chercher(manquants))


def par_alias(tenues: Sequence[Tenue]) -> dict[str, Tenue]:
    """Return offers by each of their aliases."""
    return {alias: tenue for tenue in tenues for alias in tenue.aliases}
