"""Enrich: completes each offer from reference tables, keeps formations and their history."""
