"""What is due. Owns time passing.

One idempotent sweep asks what is due, claims it by a unique key and writes letters.
It decides nothing about vendors.
"""
