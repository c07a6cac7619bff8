"""Measurements beside their floor, taken in the same run on the same servers."""
