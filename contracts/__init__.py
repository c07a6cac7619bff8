"""Public contracts of the catalogue: events, topics, identifiers. Pure: no I/O."""
