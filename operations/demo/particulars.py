"""What stands in the papers of the demo's vendors: legal names, services, values in contracts."""

from collections.abc import Mapping

LEGAL_NAMES: Mapping[str, str] = {
    "Indus Card Processing": "Indus Card Processing (Private) Limited",
    "Kestrel Managed Cloud": "Kestrel Managed Cloud (Private) Limited",
    "Basalt Data Centres": "Basalt Data Centres Limited",
    "Bellwether Messaging": "Bellwether Messaging (Private) Limited",
    "Sable Security Operations": "Sable Security Operations (SMC-Private) Limited",
    "Copper Payment Terminals": "Copper Payment Terminals (Private) Limited",
    "Falcon Couriers": "Falcon Couriers & Logistics (Private) Limited",
    "Helix People Software": "Helix People Software (Private) Limited",
    "Brightline Stock Photos": "Brightline Stock Photos Ltd",
    "Verity Identity Checks": "Verity Identity Checks (Private) Limited",
    "Quartz Token Vault": "Quartz Token Vault (Private) Limited",
}
SERVICES: Mapping[str, str] = {
    "Indus Card Processing": "Card authorisation and settlement",
    "Kestrel Managed Cloud": "Servers of the payment switch",
    "Basalt Data Centres": "Housing of the second site",
    "Bellwether Messaging": "One-time codes by message",
    "Sable Security Operations": "Monitoring at night",
    "Copper Payment Terminals": "Terminals and repair",
    "Falcon Couriers": "Delivery of cards",
    "Helix People Software": "Personnel software",
    "Marble Analytics": "Sales charts",
    "Brightline Stock Photos": "Picture licence",
    "Orchard Learning": "Courses for staff",
    "Lotus Catering": "Lunch at the head office",
    "Saffron Print Works": "Printing of statements",
    "Sirius Fraud Scoring": "Fraud scoring",
    "Dove Car Parks": "Parking spaces",
    "Verity Identity Checks": "Identity verification",
    "Quartz Token Vault": "Token vault",
}
FOUND: Mapping[str, str] = {
    "PCI-4": "12 hours",
    "DP-0": "Annex 2 names subject, duration, purpose, data and people concerned",
    "DP-g": "14 days",
    "DP-i": "Pakistan and the United Arab Emirates, on the approved contract clauses",
    "ICT-4": "14 days",
    "CIF-1": "Annex 4: available 99.95 percent of a month, each payment within 800 ms",
    "CIF-5": "10 days",
    "SUB-1": "45 days",
    "SBP-2": "Letter of 12 May 2025, number 417",
    "SEC-1": "TLS 1.3 in transit, AES-256 at rest",
    "SEC-3": "14 days",
    "SEC-6": "18 months",
    "SEC-9": "ISO 27001 and the SOC 2 report, type II",
    "SEC-10": "Random tokens; only the last four digits are shown",
    "INS-1": "USD 5 million for each event",
    "GEN-2": "Law of Pakistan, courts of Karachi",
}
"""Clause to what the contract says of it; other clauses say just what they must."""
