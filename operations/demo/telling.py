"""Telling the demo: every story in past time, then the rounds the worker would have made."""

from datetime import datetime
from threading import Thread

from foundation import clock, sandbox
from foundation.dates import WEEK
from foundation.db import Database
from operations.demo import attesting, edges, in_use_close, in_use_far, under_way
from operations.demo.coming_in import come_in
from operations.demo.inventory import note_down
from operations.demo.office import open_office
from operations.demo.stage import Stage
from reminders import days_work, sweep
from reports.building import build_due

LONGEST_AGO = 800
MORNING = 8
"""The hour of a day, where the people of the demo are."""
ROUNDS = range(60, -1, -1)
"""The days, counted back, on whose mornings the worker looks round."""


def tell(database: Database, *, until: datetime) -> None:
    """Play every story in simulated time, ending now."""
    Thread(target=sandbox.walls, daemon=True).start()  # loads while the stories are told
    stage = Stage(database, until)
    stage.people(LONGEST_AGO)
    open_office(stage, LONGEST_AGO - 1)
    for group in (in_use_close, in_use_far, edges, under_way):
        for story in group.STORIES:
            story(stage)
    note_down(stage)
    for days_ago in ROUNDS:
        with clock.fixed(stage.moment(days_ago, MORNING)):
            days_work.do(database, clock.now())
            sweep.remind(database, clock.now())
        if days_ago % WEEK == 1:
            with clock.fixed(stage.moment(days_ago, MORNING, 40)):
                come_in(database, stage.cast)
        attesting.say(stage, days_ago)
    with clock.fixed(until):
        build_due(database, until)
