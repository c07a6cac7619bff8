"""Offers, deposits and their reports in MongoDB (database `collect`).

offres       {_id, deposant, sequence, etat, cle, aliases (unique), empreinte, contenu: JSON as
              normalised, depot, ligne, recue_le, cree_le, predecesseurs, remplacee_par, motif,
              constats: JSON}
depots       {_id, deposant, cle, recu_le, vu_le, essai, fichier, forme, etat, coupe, echec, lignes,
              octets, constats, bilan: its totals once nothing more will change}
lignes       {_id: `<depot>:<first rank>`, premier, dernier, statuts: ranges by status,
              ecrasees: [[rank, by]], comptes: {code: times}, exemples: {code:
              finding}, lignes: lz4 of JSON rows}
constats     {_id: `<depot>:<digest>`, premier, dernier, statuts, comptes, exemples,
              lignes: lz4 of JSON rows}
avancement   {_id: `<depot>:<digest>`, etape, plages, le}
idempotence  {_id: `<holder>:<key>`, depot, prise_le, empreinte, statut, reponse, expire_le}

Chunks are inserted, never changed: their ids begin with the deposit's, by which they are found.
"""

from services.collect.adapters.mongo.depots import MongoDepots
from services.collect.adapters.mongo.offres import MongoOffres
from services.collect.adapters.mongo.reservations import MongoReservations

__all__ = ["MongoDepots", "MongoOffres", "MongoReservations"]
