"""Take what the other services say of a deposit's lines: findings, and the stages passed."""

from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import Any

from contracts.evenements import Etape, StatutLigne
from contracts.topics import AVANCEMENT, CONSTATS
from services.collect.domain.depot import Passage, Reponse
from services.collect.ports import Offres
from services.kernel.errors import Park


async def noter(suivis: list[Reponse | Passage], offres: Offres) -> None:
    """Store answers and stages; again is the same."""
    await offres.garder_reponses([suivi for suivi in suivis if isinstance(suivi, Reponse)])
    await offres.garder_passages([suivi for suivi in suivis if isinstance(suivi, Passage)])


def lire_suivi(topic: str, brut: bytes, donnees: Mapping[str, Any]) -> Reponse | Passage:
    """Return what a record of `constats` or `avancement` says.

    Its id is made of its bytes, so that an event published twice is stored once.

    Raises:
        Park: it is not what the contract says.
    """
    try:
        depot = donnees["depot"]
        id_ = f"{depot}:{blake2b(brut, digest_size=12).hexdigest()}"
        if topic == CONSTATS.name:
            lignes = donnees["lignes"]
            completes = [_completes(ligne) for ligne in lignes if ligne.get("completes")]
            return Reponse(id_, depot, [_reponse(ligne) for ligne in lignes], completes)
        if topic == AVANCEMENT.name:
            plages = [(int(premier), int(dernier)) for premier, dernier in donnees["lignes"]]
            return Passage(id_, depot, Etape(donnees["etape"]), plages)
    except (KeyError, TypeError, ValueError) as error:
        raise Park("suivi_illisible", f"Le message ne suit pas son contrat : {error!r}.") from error
    raise Park("topic_inattendu", f"Rien n'est attendu de {topic}.")


def _reponse(ligne: Mapping[str, Any]) -> tuple[int, str, str, list[dict[str, str]]]:
    constats = _constats(ligne.get("constats", ()))
    return int(ligne["ligne"]), ligne["offre"], StatutLigne(ligne["statut"]), constats


def _completes(ligne: Mapping[str, Any]) -> tuple[int, str, list[dict[str, str]]]:
    return int(ligne["ligne"]), ligne["offre"], _constats(ligne["completes"])


def _constats(bruts: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    return [
        {nom: valeur for nom, valeur in constat.items() if valeur is not None} for constat in bruts
    ]
