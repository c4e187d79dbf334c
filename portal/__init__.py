"""The outside door. Everything a vendor's person can reach is in here.

It never meets staff accounts; every query takes the contact who asks.
"""
