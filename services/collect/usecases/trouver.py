"""Find an offer by what its reader has: its id, a clé however it was encoded, another alias."""

from contracts.identifiants import cle as cles
from services.collect.domain.identite import noms_cherches
from services.collect.domain.tenue import Tenue
from services.collect.ports import Offres
from services.kernel.problem import Conflict, NotFound


async def trouver(texte: str, deposant: str | None, offres: Offres) -> Tenue:
    """Return the offer meant by a segment of an address.

    A clé may be encoded, encoded twice, or cut at its `#` when only one site has this root.

    Raises:
        NotFound: nothing bears this name.
        Conflict: a clé that was cut at its `#` may be one of several.
    """
    tenue = await offres.par_id(texte)
    if tenue is not None:
        return tenue
    for trouvee in await offres.vue(noms_cherches(texte, deposant)):
        entiere = await offres.par_id(trouvee.id)
        if entiere is not None:
            return entiere
    return await _par_racine(cles.depuis_adresse(texte), offres)


async def _par_racine(texte: str, offres: Offres) -> Tenue:
    candidates = await offres.par_racine(texte) if cles.est_racine(texte) else []
    if len(candidates) > 1:
        raise Conflict(
            "Plusieurs sites partagent cette clé : donnez-la entière, « # » compris (%23).",
            code="cle_ambigue",
            extra={"candidates": [candidate.id for candidate in candidates]},
        )
    if not candidates:
        raise NotFound("Aucune offre ne porte cet identifiant.", code="offre_inconnue")
    return candidates[0]
