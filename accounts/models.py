"""Tables of accounts: staff members, their roles, their units."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.rules import Role
from foundation.columns import Id, by_value
from foundation.db import Model, Versioned
from identity.models import Person


class Staff(Versioned, Model):
    """A person's place in our organisation."""

    __tablename__ = "staff"

    id: Mapped[Id]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), unique=True)
    job_title: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    left_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="raise")


class RoleGrant(Model):
    """A role somebody holds."""

    __tablename__ = "role_grant"
    __table_args__ = (UniqueConstraint("person_id", "role"),)

    id: Mapped[Id]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    role: Mapped[Role] = mapped_column(by_value(Role, name="role"))
    granted_at: Mapped[datetime]
    granted_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))


class UnitGrant(Model):
    """A business unit somebody works for."""

    __tablename__ = "unit_grant"
    __table_args__ = (UniqueConstraint("person_id", "unit_id"),)

    id: Mapped[Id]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("business_unit.id"))
