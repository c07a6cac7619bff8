"""The end of the school year, by which validity of certifications is judged (domain.md §2)."""

from datetime import date


def fin_d_annee_scolaire(jour: date) -> str:
    """Return 31 August of the civil year of a day: what ends on or before it is over."""
    return f"{jour.year:04d}-08-31"
