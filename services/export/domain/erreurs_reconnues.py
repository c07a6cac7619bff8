"""What was recognised of an answer that refuses, kept with it: all who show a refusal say the same.

A recognition is `{code, cause, action}`. It stays when its pattern is withdrawn, and is written
anew when the table of refusals says otherwise (domain.md §4.1).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from contracts.statuts import Statut
from services.export.domain.erreurs_parcoursup import CONNUE, Erreur, Table

Document = dict[str, Any]
Reconnue = dict[str, str]

_SUCCES: Final = "2"


def juger_erreur(texte: str, table: Table = CONNUE) -> tuple[Statut, Reconnue | None]:
    """Return the status that a stored error text gives, and what is recognised of it.

    A success without `g_ta_cod` is an échec, whatever it says.
    """
    connue = _connue(texte, table)
    return (connue.statut, _dite(connue)) if connue else (Statut.ECHEC, None)


def reconnue(retour: Mapping[str, Any]) -> Reconnue | None:
    """Return what is recognised of an answer or of an exchange, as stored.

    One held before recognitions were kept is known by the built-in table; a failure by none, since
    the table of its time did not know it.
    """
    gardee: Reconnue | None = retour.get("reconnue")
    if gardee is not None or retour.get("statut") == Statut.ECHEC:
        return gardee
    connue = _connue(retour.get("erreur"), CONNUE)
    return _dite(connue) if connue else None


def reclassee(retour: Mapping[str, Any], table: Table, instant: datetime) -> Document | None:
    """Return an answer as a table says it now, None when it says what is told already.

    A failure takes the status of the refusal; a refusal that had one keeps it. What the table does
    not know is left as it is.
    """
    connue = _connue(retour.get("erreur"), table)
    if connue is None:
        return None
    dite = _dite(connue)
    if retour.get("statut") == Statut.ECHEC:
        return {
            **retour,
            "statut": connue.statut.value,
            "reconnue": dite,
            "reclasse_le": instant,
        }
    return None if dite == reconnue(retour) else {**retour, "reconnue": dite}


def _connue(texte: str | None, table: Table) -> Erreur | None:
    return table.reconnaitre(texte) if texte and not texte.startswith(_SUCCES) else None


def _dite(erreur: Erreur) -> Reconnue:
    return {"code": erreur.code, "cause": erreur.cause, "action": erreur.action}
