"""The ball clock as a bar: the spans in the order of time, each as wide as its working days."""

from foundation.labels import label
from reports.ball import Clock
from reports.charts import Stack, stack


def bar_of(clock: Clock) -> Stack:
    """Return the drawing of a clock."""
    return stack(
        (f"turn-{span.turn.value}", label(span.turn), days)
        for span, days in zip(clock.spans, clock.days, strict=True)
    )
