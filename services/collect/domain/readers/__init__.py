"""Readers of deposited bodies: state machines fed with bytes as they come, giving rows.

They hold one record at most, so memory does not depend on the length of a body; and the rows they
give do not depend on how the body was cut into chunks.
"""
