"""The company of the demo: its entity, units, functions, holidays and regimes."""

from foundation import clock
from operations.demo.stage import Stage
from organisation.calendars import public_holidays
from organisation.queries import find_settings
from organisation.settings_commands import change_settings
from organisation.structure_commands import (
    EntityFacts,
    FunctionFacts,
    save_entity,
    save_function,
    save_unit,
)

UNITS = (("Operations", ""), ("Cards", "Operations"), ("Customer care", "Operations"))
FUNCTIONS = (
    FunctionFacts("Settling payments", is_critical=True, rto_hours=4, rpo_hours=1),
    FunctionFacts("Opening accounts", is_critical=False, rto_hours=24, rpo_hours=4),
    FunctionFacts("Paying our staff"),
)


def open_office(stage: Stage, days_ago: int) -> None:
    """Enter what an administrator enters once: who we are and when we work."""
    by = stage.cast["Adil"].actor
    with stage.day(days_ago, 10) as session:
        at = clock.now()
        now = find_settings(session)
        years = range(stage.until.year - 1, stage.until.year + 2)
        values = {
            "time_zone": "Asia/Karachi",
            "home_country": "PK",
            "currency": "PKR",
            "regimes": ["pci", "sbp"],
            "holidays": [str(day) for day in public_holidays("PK", years)],
        }
        change_settings(session, values, based_on=now.number if now else 0, by=by, at=at)
        save_entity(session, None, EntityFacts("Northwind Payments (Pvt) Ltd", "PK"), by=by, at=at)
        for name, parent in UNITS:
            above = stage.units.get(parent)
            stage.units[name] = save_unit(session, None, name, above, by=by, at=at).id
        for facts in FUNCTIONS:
            save_function(session, None, facts, by=by, at=at)
