"""The post room: letters, the outbox and their delivery.

Owns mail as rows written in the transaction of the change that caused them.
It does not decide who is written to, or when.
"""
