"""The deterministic generator of the sample data: same sources, same bytes.

Seeds (`graines/`) are facts retyped by hand: public codes, names, positions. Communes,
départements, régions and post codes come from the npm package @etalab/decoupage-administratif.
Centres, offers and rules are made up here, and say so.
"""
