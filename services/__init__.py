"""Service processes of the catalogue; each service is independent of the others."""
