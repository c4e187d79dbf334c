"""Who somebody is: persons, sessions, passwords, second factors, invitations.

Both doors stand on it, staff and vendor people alike.
It does not know what anybody may do.
"""
