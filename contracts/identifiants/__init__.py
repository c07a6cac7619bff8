"""The identifiers of the field, one module each (domain.md §1.1).

Two questions everywhere. `est_valide(texte)`: is this text, as it stands, a well-formed and
self-consistent identifier? `normaliser(valeur)`: which identifier did the author mean, once blanks,
case and a leading zero lost by a spreadsheet are set right, or None. Any value may be given, as a
depositor may have written anything: nothing here raises. Whether an identifier *exists* is for the
reference tables to say, never for these modules.
"""
