"""Rehearses a campaign on a copy of export's state, against the simulated platform.

It stands above the services, which never import each other: it alone joins export and simulator.
"""
