"""Export's ports in memory: what unit tests put in the place of MongoDB.

Each passes the suite of its port (`tests/support/suite_export`), as the adapter does.
"""
