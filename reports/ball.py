"""The ball clock: every day of a vendor's way charged to the one whose move it was.

A vendor's dated events become spans that follow one another without gap or overlap. A day belongs
to whoever has the ball at its end.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from foundation.dates import Calendar
from reports.progress import Turn


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
    CLOSED = "closed"
    """Declined, or ended."""


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
    """What decides whose move it is."""

    away: set[str] = field(default_factory=set)
    back: set[str] = field(default_factory=set)
    is_proposed: bool = False
    is_over: bool = False

    def take(self, moved: Moved) -> None:
        """Let one event happen."""
        event, about = moved.event, moved.about
        if event in _AWAY:
            self.away.add(about)
            self.back.discard(about)
        elif event in _BACK:
            self.away.discard(about)
            self.back.add(about)
        elif event is Event.TAKEN_BACK:
            self.away.discard(about)
            self.back.discard(about)
        elif event in {Event.PROPOSED, Event.WITHDRAWN, Event.SIGNED}:
            self.is_proposed = event is Event.PROPOSED
        if event in _STARTS or event in _AWAY:
            self.is_over = False
        elif event in _ENDS:
            self.is_over, self.is_proposed = True, False
            self.back.clear()

    @property
    def turn(self) -> Turn:
        """Whose move it is."""
        if self.is_proposed:
            return Turn.SIGNERS
        if self.away:
            return Turn.VENDOR
        if self.is_over:
            return Turn.NOBODY
        return Turn.RISK if self.back else Turn.BUYER


_STARTS = frozenset({Event.REGISTERED, Event.REOPENED})
_AWAY = frozenset({Event.SENT, Event.OPENED, Event.ASKED_BACK})
_BACK = frozenset({Event.SUBMITTED, Event.CLARIFIED})
_ENDS = frozenset({Event.ACTIVATED, Event.CLOSED})


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
