"""Staff: procurement, risk team, approvers, auditors and administrators.

Owns roles, the permission each grants, and the staff sign-in.
Vendor people are never in here.
"""
