"""Acces: the people who work with the catalogue, their accounts, passwords and sessions."""
