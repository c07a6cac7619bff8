"""Processes and routes of enrich: each adapts the outside to a use case."""
