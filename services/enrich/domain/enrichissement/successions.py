"""What a closed diploma or an ended fiche becomes: both codes move together (domain.md §2).

Only codes that the tables know to stand on the day are proposed. HAUTE: the tables lead to a single
one. MOYENNE: one of several, or the one that the other code of the offer leads to. FAIBLE: several,
among which a person must choose.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from contracts.evenements import Confiance
from services.enrich.domain.constats import Constat, constat
from services.enrich.domain.enrichissement.chaines import Chaine, chaines_ouvertes, dire
from services.enrich.domain.enrichissement.fiches import valide
from services.enrich.domain.enrichissement.remplacement import (
    Info,
    Remplacement,
    ouvert,
    successeurs_ouverts,
)
from services.enrich.domain.references.tables import References

_CHOIX_MAX: Final = 6


@dataclass(frozen=True, slots=True)
class Proposition:
    """What the codes of an offer would become, why, and how sure it is.

    `textes` gives by field what a person reads; `correction` is None when a choice is left.
    """

    textes: Mapping[str, str]
    raison: str
    confiance: Confiance
    correction: Mapping[str, str] | None = None


def constater(
    code: str, champ: str, valeur: str | None, proposition: Proposition | None
) -> Constat:
    """Return a finding, with what is proposed for its field if anything is."""
    if proposition is None or champ not in proposition.textes:
        return constat(code, champ, valeur)
    return constat(
        code,
        champ,
        valeur,
        proposition.textes[champ],
        raison=proposition.raison,
        confiance=proposition.confiance,
        correction=proposition.correction,
    )


def au_choix(champ: str, codes: Sequence[str], references: References) -> Proposition | None:
    """Return the codes among which a person must choose; the reason tells their titles."""
    if not 1 < len(codes) <= _CHOIX_MAX:
        return None
    choix = "diplômes sont ouverts" if champ == "cfd" else "fiches sont en cours"
    titres = [
        f"{code} « {titre} »" if (titre := _titre(code, references)) else code for code in codes
    ]
    raison = f"Plusieurs {choix}, à vous de choisir : {', '.join(titres)}."
    return Proposition({champ: " ou ".join(codes)}, raison, Confiance.FAIBLE)


def diplomes_ouverts(fiches: Iterable[str], references: References, jour: date) -> list[str]:
    """Return the open diplomas of these fiches, each once."""
    cfds = {cfd: None for fiche in fiches for cfd in references.cfds_par_fiche.get(fiche, ())}
    return [cfd for cfd in cfds if ouvert(references.cfds.get(cfd), jour)]


def fiches_valides(cfd: str | None, references: References, jour: date) -> list[str]:
    """Return the fiches of a diploma that an offer may name on a day."""
    codes = references.fiches_par_cfd.get(cfd or "", ())
    return [code for code in codes if valide(references.fiches.get(code), jour)]


@dataclass(frozen=True, slots=True)
class Successions:
    """The successions that the tables tell on a day."""

    references: References
    jour: date

    def proposer(self, parcours: Remplacement | None, rncp: str | None) -> Proposition | None:
        """Return what the codes of an offer should become.

        `parcours` is the walk from its CFD, None without one. None when both codes may stay, and
        when no table leads anywhere.
        """
        if parcours is None or parcours.info is Info.TROUVE:
            return self._de_la_fiche(parcours.chemin[0] if parcours else None, rncp)
        chaines = successeurs_ouverts(parcours.chemin[0], self.references.cfds, self.jour)
        if parcours.info is Info.MIS_A_JOUR:
            seule = len(chaines) == 1
            confiance = Confiance.HAUTE if seule else Confiance.MOYENNE
            return self._du_diplome(parcours.chemin, confiance, rncp)
        if len(chaines) == 1:
            return self._du_diplome(chaines[0], Confiance.MOYENNE, rncp)
        if chaines:
            return au_choix("cfd", [chaine[-1] for chaine in chaines], self.references)
        return self._par_la_fiche(rncp)

    def _du_diplome(self, chaine: Chaine, confiance: Confiance, rncp: str | None) -> Proposition:
        """Return the successor of a diploma, with the fiche that goes with it."""
        cfd = chaine[-1]
        raison = f"La Base centrale des nomenclatures remplace ce diplôme : {dire(chaine)}."
        correction = {"cfd": cfd}
        candidates = self._candidates(cfd, rncp)
        if rncp is None or self._peut_rester(rncp, cfd, candidates):
            return Proposition(correction, raison, confiance, correction)
        if len(candidates) == 1:
            correction = {"cfd": cfd, "rncp_code": candidates[0]}
            raison += f" La fiche du nouveau diplôme est {candidates[0]}."
            return Proposition(correction, raison, confiance, correction)
        if candidates:
            raison += f" Sa fiche est à choisir : {', '.join(candidates[:_CHOIX_MAX])}."
        return Proposition(correction, raison, Confiance.MOYENNE, correction)

    def _de_la_fiche(self, cfd: str | None, rncp: str | None) -> Proposition | None:
        """Return the successor of a fiche that has ended, its diploma being open or unknown."""
        if rncp is None or valide(self.references.fiches.get(rncp), self.jour):
            return None
        suites = self._suites(rncp)
        candidates = self._candidates(cfd, rncp)
        if len(candidates) != 1:
            return au_choix("rncp_code", candidates, self.references)
        correction = {"rncp_code": candidates[0]}
        chaine = suites.get(candidates[0])
        if chaine is None:
            raison = f"C'est la seule fiche en cours du diplôme {cfd}."
            return Proposition(correction, raison, Confiance.MOYENNE, correction)
        raison = f"Le répertoire national remplace cette fiche : {dire(chaine)}."
        confiance = Confiance.HAUTE if len(suites) == 1 else Confiance.MOYENNE
        return Proposition(correction, raison, confiance, correction)

    def _par_la_fiche(self, rncp: str | None) -> Proposition | None:
        """Return the diploma of the fiche, or of its successors, when the BCN leads nowhere."""
        if rncp is None:
            return None
        tenue = valide(self.references.fiches.get(rncp), self.jour)
        fiches = [rncp] if tenue else list(self._suites(rncp))
        cfds = diplomes_ouverts(fiches, self.references, self.jour)
        if len(cfds) != 1:
            return au_choix("cfd", cfds, self.references)
        correction = {"cfd": cfds[0]}
        fiche = next(f for f in fiches if cfds[0] in self.references.cfds_par_fiche.get(f, ()))
        if fiche != rncp:
            correction["rncp_code"] = fiche
        raison = f"C'est le seul diplôme ouvert de la fiche {fiche}"
        raison += "." if fiche == rncp else f", qui succède à {rncp}."
        return Proposition(correction, raison, Confiance.MOYENNE, correction)

    def _candidates(self, cfd: str | None, rncp: str | None) -> list[str]:
        """Return the fiches that may follow: those of the diploma, rather among the successors."""
        suites = self._suites(rncp) if rncp else {}
        liees = fiches_valides(cfd, self.references, self.jour)
        return [code for code in liees if code in suites] or liees or list(suites)

    def _peut_rester(self, rncp: str, cfd: str, candidates: Sequence[str]) -> bool:
        if not valide(self.references.fiches.get(rncp), self.jour):
            return False
        return not candidates or rncp in self.references.fiches_par_cfd.get(cfd, ())

    def _suites(self, rncp: str) -> dict[str, Chaine]:
        """Return the chains to the fiches in force that succeed to this one, by their end."""
        chaines = chaines_ouvertes(
            rncp,
            lambda code: self.references.fiches_suivantes.get(code, ()),
            lambda code: valide(self.references.fiches.get(code), self.jour),
        )
        return {chaine[-1]: chaine for chaine in chaines}


def _titre(code: str, references: References) -> str | None:
    if diplome := references.cfds.get(code):
        return diplome.libelle_long
    fiche = references.fiches.get(code)
    return fiche.intitule if fiche else None
