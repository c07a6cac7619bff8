"""The `catalogue` command: a client of the services and of the local stack."""
