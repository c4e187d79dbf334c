"""What they signed: contracts, their dates and their security clauses.

Owns the clause catalogue, what was found, and the computed notice deadline.
"""
