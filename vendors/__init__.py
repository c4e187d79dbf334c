"""Who we buy from: inventory, contacts, services, exposure and inherent tier.

It does not know what was asked or decided; a decision above writes the clearance down.
"""
