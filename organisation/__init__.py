"""The organisation that runs Duly: its settings, units, entities and functions.

Owns versioned settings and readable references (V-0042).
It does not know people.
"""
