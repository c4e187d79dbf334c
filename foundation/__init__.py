"""The foundation: settings, clock, database, web gate, crypto and sandbox.

Knows no room and no word of the glossary; every room stands on it.
"""
