"""Dual control: two computations of one catalogue, or two deliveries, compared (domain.md §6).

An aid to migration: the old catalogue's documents beside ours, before anyone is asked to trust
ours.
"""
