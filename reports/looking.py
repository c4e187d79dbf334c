"""Who looks at dates on the first page, and which of them their roles are shown."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from accounts.rules import Role
from foundation.dates import day_in
from reports.tasks import AHEAD, Item, Task

MOST_READ = 300
NEAR = timedelta(days=30)
"""From here on a date needs somebody, and is not only coming up."""
RISK_TEAM = frozenset({Role.ANALYST, Role.LEAD})

SHOWN_TO: dict[Task, frozenset[Role]] = {
    Task.MEND: RISK_TEAM | {Role.PROCUREMENT, Role.AUDITOR},
    Task.RENEW_PROOF: RISK_TEAM | {Role.PROCUREMENT},
    Task.MEET_CONDITION: RISK_TEAM | {Role.PROCUREMENT, Role.APPROVER, Role.AUDITOR},
    Task.RENEW_EXEMPTION: RISK_TEAM | {Role.PROCUREMENT, Role.APPROVER, Role.AUDITOR},
    Task.REASSESS: RISK_TEAM | {Role.PROCUREMENT, Role.APPROVER, Role.AUDITOR},
    Task.GIVE_NOTICE: RISK_TEAM | {Role.PROCUREMENT, Role.AUDITOR},
    Task.CHASE_WORD: RISK_TEAM | {Role.PROCUREMENT, Role.AUDITOR},
    Task.JUDGE_CHANGE: RISK_TEAM | {Role.PROCUREMENT, Role.AUDITOR},
}
"""Which roles look at which dates."""
SEE_NOTICES = frozenset({Role.LEAD, Role.AUDITOR})
"""Who looks at the contracts of all vendors, and not only of their own."""


@dataclass(frozen=True, slots=True)
class Looker:
    """Who looks, in which roles, on which day."""

    person_id: UUID
    roles: frozenset[Role]
    today: date
    zone: str
    """In which our days begin and end."""

    def day_of(self, at: datetime) -> date:
        """Return the day on which something happened."""
        return day_in(at, self.zone)

    @property
    def sees_all(self) -> bool:
        """Whether the dates of every vendor count, and not only those of one's own."""
        return bool(self.roles - {Role.PROCUREMENT, Role.ADMINISTRATOR})

    @property
    def until(self) -> date:
        """The last day of "Coming up"."""
        return self.today + AHEAD


@dataclass(frozen=True, slots=True)
class Dated:
    """Something with a date, and whether it is this person's to act on now."""

    item: Item
    is_mine: bool
    is_silent: bool = False
    """This person put it off."""

    def is_late_with_others(self, today: date) -> bool:
        """Say whether its day has passed, and somebody else has to act."""
        return not self.is_mine and not self.is_silent and self.item.is_overdue(today)
