"""Ways into search: its API and pages, its indexer, its commands."""
