"""The ledger: who did what to which thing, and when.

Append-only and chained by HMAC; it keeps pseudonymous actors and outlives people.
It does not join names: a page does that when it shows an entry.
"""
