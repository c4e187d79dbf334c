"""What we ask and what they answer.

Owns formats, frozen versions, assessments, answers, conditions and scores.
It does not decide about a vendor.
"""
