"""Where a commune is: the middle of the offers that the index knows there.

The index needs no table of communes: a place without any offer within reach is of no use as a
centre, and `lat`+`lon` remain for it.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any, Final

from contracts.identifiants import insee
from services.kernel.clock import Clock
from services.kernel.problem import Erreur, Invalid
from services.search.domain.criteres import Point
from services.search.domain.lieux import Lieu
from services.search.domain.textes import plier
from services.search.index.requete import filtre_exact
from services.search.ports import Moteur

_RETENUS: Final = 2_000
_HOMONYMES: Final = 6


class Geographie:
    """Finds communes by INSEE code or name; remembers positions for `duree_s`, bounded."""

    def __init__(self, moteur: Moteur, clock: Clock, duree_s: float) -> None:
        """Ask this engine, and forget by this clock."""
        self._moteur = moteur
        self._clock = clock
        self._duree_s = duree_s
        self._connus: OrderedDict[str, tuple[float, Lieu]] = OrderedDict()

    async def situer(self, texte: str) -> Lieu:
        """Return the commune; of several of one name the one with most offers.

        Raises `Invalid` when the index knows no offer with a position there.
        """
        cle = plier(texte.strip())
        maintenant = self._clock.now().timestamp()
        connu = self._connus.get(cle)
        if connu and maintenant < connu[0]:
            return connu[1]
        lieu = await self._chercher(texte.strip())
        self._connus[cle] = (maintenant + self._duree_s, lieu)
        self._connus.move_to_end(cle)
        while len(self._connus) > _RETENUS:
            self._connus.popitem(last=False)
        return lieu

    async def _chercher(self, texte: str) -> Lieu:
        reponse = await self._moteur.chercher(corps_de_situation(texte))
        communes = reponse["aggregations"]["communes"]["buckets"]
        if not communes:
            raise _inconnu(texte)
        return _lieu(texte, communes)


def corps_de_situation(texte: str) -> dict[str, Any]:
    """Return the search body that groups the offers of a commune, or of those of one name."""
    nom = {"terms": {"field": "commune_nom", "size": 1}}
    groupe = {
        "terms": {"field": "commune", "size": _HOMONYMES},
        "aggs": {"centre": {"geo_centroid": {"field": "position"}}, "nom": nom},
    }
    filtres = [filtre_exact("commune", [texte]), {"exists": {"field": "position"}}]
    return {
        "size": 0,
        "track_total_hits": False,
        "query": {"bool": {"filter": filtres}},
        "aggs": {"communes": groupe},
    }


def _lieu(texte: str, communes: Sequence[Mapping[str, Any]]) -> Lieu:
    trouves = [
        (commune["key"].upper(), _nom(commune), commune["centre"]["location"])
        for commune in communes
    ]
    code, nom, position = trouves[0]
    autres = () if insee.est_valide(texte) else tuple((c, n) for c, n, _ in trouves[1:])
    return Lieu(code, nom, Point(position["lat"], position["lon"]), autres)


def _nom(commune: Mapping[str, Any]) -> str:
    noms = commune["nom"]["buckets"]
    return str(noms[0]["key"]) if noms else commune["key"].upper()


def _inconnu(texte: str) -> Invalid:
    message = f"Aucune offre n'est située à « {texte} »."
    que_faire = "Vérifiez le nom ou le code INSEE de la commune, ou donnez « lat » et « lon »."
    return Invalid(
        message,
        [Erreur("query.autour_de", "lieu_inconnu", message, que_faire)],
        code="lieu_inconnu",
        title="Lieu inconnu",
    )
