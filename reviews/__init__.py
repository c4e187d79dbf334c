"""What the risk team decides: reviews, verdicts, findings, decisions, sign-offs.

Owns gates, residual risk and the clearance of a vendor.
"""
