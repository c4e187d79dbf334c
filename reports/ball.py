"""The ball clock: every day of a vendor's way charged to the one whose move it was.

A vendor's dated events become spans that follow one another without gap or overlap. A day belongs
to whoever has the ball at its end.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from foundation.dates import Calendar
from reviews.turns import Held, Turn, turn_of


class Event(StrEnum):
    """What moves the ball."""

    REGISTERED = "registered"
    REOPENED = "reopened"
    """A reassessment has opened, or a vendor that was let go is looked at again."""
    SENT = "sent"
    OPENED = "opened"
    SUBMITTED = "submitted"
    ASKED_BACK = "asked_back"
    CLARIFIED = "clarified"
    TAKEN_BACK = "taken_back"
    """The questionnaire was withdrawn, or closed with the review."""
    PROPOSED = "proposed"
    WITHDRAWN = "withdrawn"
    """The proposal was withdrawn, or a signer sent it back."""
    SIGNED = "signed"
    """The last signature: the decision is final."""
    ACTIVATED = "activated"
    LEAVING = "leaving"
    CLOSED = "closed"
    """Declined, or ended."""
    CONTRACT_ENTERED = "contract_entered"
    CONTRACT_IN_FORCE = "contract_in_force"
    CONTRACT_OVER = "contract_over"
    """Ended, or about to because notice was given."""


@dataclass(frozen=True, slots=True)
class Moved:
    """An event on a day; `about` tells one assessment from another."""

    on: date
    event: Event
    about: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """Days during which one party had the ball: from `first` up to, and without, `last`."""

    turn: Turn
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Clock:
    """The newest way of a vendor, from its start until it was in use or until today."""

    spans: tuple[Span, ...]
    days: tuple[int, ...]
    """Working days of each span."""
    charged: tuple[tuple[Turn, int], ...]
    """Working days by party, those who had the ball at all."""
    held: int
    """Working days whoever has the ball has had it, this time."""

    @property
    def total(self) -> int:
        """All working days of the way."""
        return sum(days for _, days in self.charged)


@dataclass
class _State:
    """What decides whose move it is, as far as events tell."""

    away: set[str] = field(default_factory=set)
    back: set[str] = field(default_factory=set)
    drafts: set[str] = field(default_factory=set)
    in_force: set[str] = field(default_factory=set)
    is_proposed: bool = False
    stage: Event = Event.REGISTERED

    def take(self, moved: Moved) -> None:
        """Let one event happen."""
        event, about = moved.event, moved.about
        for found, comes, goes in (
            (self.away, _AWAY, _BACK | {Event.TAKEN_BACK}),
            (self.back, _BACK, _AWAY | {Event.TAKEN_BACK}),
            (self.drafts, {Event.CONTRACT_ENTERED}, _CONTRACT_MOVES),
            (self.in_force, {Event.CONTRACT_IN_FORCE}, _CONTRACT_MOVES),
        ):
            if event in comes:
                found.add(about)
            elif event in goes:
                found.discard(about)
        if event in _DECIDING:
            self.is_proposed = event is Event.PROPOSED
        if event in _STAGES:
            self.stage = event
        if event is Event.ACTIVATED:
            self.is_proposed = False
            self.back.clear()

    @property
    def turn(self) -> Turn:
        """Whose move it is."""
        is_over = self.stage is Event.CLOSED
        is_used = self.stage is Event.ACTIVATED
        is_loose = bool(self.in_force) if is_over else bool(self.drafts) and not self.in_force
        return turn_of(
            Held(
                is_proposed=self.is_proposed,
                is_away=bool(self.away),
                is_back=bool(self.back),
                is_begun=self.stage in _STARTS,
                is_leaving=self.stage is Event.LEAVING,
                is_over=is_over,
                has_loose_contract=is_loose and (is_over or is_used),
            )
        )


_STARTS = frozenset({Event.REGISTERED, Event.REOPENED})
_STAGES = _STARTS | {Event.ACTIVATED, Event.LEAVING, Event.CLOSED}
_AWAY = frozenset({Event.SENT, Event.OPENED, Event.ASKED_BACK})
_BACK = frozenset({Event.SUBMITTED, Event.CLARIFIED})
_DECIDING = frozenset({Event.PROPOSED, Event.WITHDRAWN, Event.SIGNED})
_CONTRACT_MOVES = frozenset({Event.CONTRACT_IN_FORCE, Event.CONTRACT_OVER})


def spans_of(events: Iterable[Moved], today: date) -> tuple[Span, ...]:
    """Return who had the ball when, from the first event until today.

    The spans tile the time: each begins where the one before it ends, and none is empty. Events
    are taken in the order given on one day; one that lies ahead counts from today.
    """
    state, found = _State(), []
    start: date | None = None
    turn = Turn.NOBODY
    for moved in sorted(events, key=lambda each: each.on):
        on = min(moved.on, today)
        before = turn
        state.take(moved)
        turn = state.turn
        if start is not None and turn is not before and on > start:
            found.append(Span(before, start, on))
        if start is None or turn is not before:
            start = on
    if start is not None and start < today:
        found.append(Span(turn, start, today))
    return _joined(found)


def clock_of(events: Iterable[Moved], today: date, calendar: Calendar) -> Clock:
    """Return the clock of the newest way: what came before the vendor was in use is left out."""
    spans = _newest_way(spans_of(events, today))
    days = tuple(calendar.between(span.first, span.last) for span in spans)
    charged: dict[Turn, int] = {}
    for span, counted in zip(spans, days, strict=True):
        charged[span.turn] = charged.get(span.turn, 0) + counted
    is_running = bool(spans) and spans[-1].last == today
    held = days[-1] if is_running else 0
    return Clock(spans, days, tuple((t, charged[t]) for t in Turn if t in charged), held)


def _newest_way(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """Return the spans since nobody had the ball; of a way that is over, all of it."""
    way = list(spans)
    while way and way[-1].turn is Turn.NOBODY:
        way.pop()
    rests = [place for place, span in enumerate(way) if span.turn is Turn.NOBODY]
    return tuple(way[rests[-1] + 1 :] if rests else way)


def _joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Join neighbours of one party."""
    made: list[Span] = []
    for span in spans:
        if made and made[-1].turn is span.turn:
            made[-1] = Span(span.turn, made[-1].first, span.last)
        else:
            made.append(span)
    return tuple(made)
