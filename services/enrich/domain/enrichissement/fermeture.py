"""Closings to come: a diploma that stands today, and will not for the apprentices to come."""

from datetime import date
from typing import Final

from contracts.evenements import Confiance
from services.enrich.domain.constats import Constats, constat
from services.enrich.domain.enrichissement.chaines import dire
from services.enrich.domain.enrichissement.remplacement import Info, Remplacement
from services.enrich.domain.references.tables import References

_ANNEES: Final = 2
"""Civil years after that of the day: who enters in the sessions to come is then in training."""


def annoncer(parcours: Remplacement, references: References, jour: date) -> Constats:
    """Return a finding when the diploma in force closes by 31 August two years from now.

    It proposes the last successor, which is not a correction yet: the offer is right today.
    """
    atteint = parcours.atteint
    if atteint is None or parcours.info not in {Info.TROUVE, Info.MIS_A_JOUR}:
        return ()
    fermeture = atteint.date_fermeture
    if not fermeture or fermeture > f"{jour.year + _ANNEES:04d}-08-31":
        return ()
    annee, mois, dernier_jour = fermeture[:4], fermeture[5:7], fermeture[8:]
    valeur = f"{atteint.cfd}, {dernier_jour}/{mois}/{annee}"
    nouveaux = [code for code in atteint.nouveaux if code in references.cfds]
    if not nouveaux:
        return (constat("cfd_ferme_bientot", "cfd", valeur),)
    return (
        constat(
            "cfd_ferme_bientot",
            "cfd",
            valeur,
            nouveaux[-1],
            raison=f"La Base centrale des nomenclatures annonce son successeur : "
            f"{dire((atteint.cfd, nouveaux[-1]))}.",
            confiance=Confiance.HAUTE if len(nouveaux) == 1 else Confiance.MOYENNE,
        ),
    )
