"""The fixed cast. Vania owns Acme's answers; Viktor should see nothing of Acme."""

from dataclasses import dataclass

from accounts.rules import Role


@dataclass(frozen=True)
class Character:
    """Somebody in our stories."""

    name: str
    email: str
    roles: tuple[Role, ...]


PERVEZ = Character("Pervez Anwar", "pervez@northwind.example", (Role.PROCUREMENT,))
RABIA = Character("Rabia Siddiqui", "rabia@northwind.example", (Role.ANALYST,))
LAILA = Character("Laila Haddad", "laila@northwind.example", (Role.LEAD,))
ASIF = Character("Asif Mahmood", "asif@northwind.example", (Role.APPROVER,))
ADIL = Character("Adil Rehman", "adil@northwind.example", (Role.ADMINISTRATOR,))
AMNA = Character("Amna Yousaf", "amna@northwind.example", (Role.AUDITOR,))
STAFF = (PERVEZ, RABIA, LAILA, ASIF, ADIL, AMNA)

VANIA = Character("Vania Petrova", "vania@acme.example", ())
VIKTOR = Character("Viktor Lund", "viktor@borealis.example", ())
