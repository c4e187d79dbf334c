"""Whether what a process holds grows: the rule, apart from how it was measured."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from bench.soak_samples import CONNECTIONS, DESCRIPTORS, RSS, THREADS, Series

FEWEST = 8
"""Samples of one process below which nothing is said: two in each quarter."""
WARM = 0.1
"""The first part of a run that does not count: what is loaded on first use is no growth."""
SHARE = 0.1
ALLOWED: Mapping[str, float] = {RSS: 8.0, DESCRIPTORS: 10.0, THREADS: 3.0, CONNECTIONS: 3.0}
"""What the last quarter may hold more than the first, where a tenth of the first is less."""
RULE = (
    "it grows when the median of the last quarter of the samples lies above that of the first by"
    " more than a tenth, and by more than 8 MB, 10 descriptors, 3 threads or 3 connections; the"
    " first tenth of a run does not count"
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """One measure of one process: medians of its first and last quarter, and what they mean."""

    who: str
    measure: str
    n_samples: int
    first: float
    last: float
    most: float
    grows: bool

    def __str__(self) -> str:
        """Say it in one line."""
        said = "grows" if self.grows else "does not grow"
        return (
            f"{self.who}, {self.measure}: {self.first:.1f} in the first quarter, {self.last:.1f}"
            f" in the last, {self.most:.1f} at most: {said}"
        )


def judge(who: str, measure: str, held: Sequence[float]) -> Verdict | None:
    """Compare the quarters of one series; None where it is too short to say anything."""
    counted = held[round(len(held) * WARM) :]
    if len(counted) < FEWEST:
        return None
    quarter = len(counted) // 4
    first, last = median(counted[:quarter]), median(counted[-quarter:])
    more = last - first
    grows = more > ALLOWED[measure] and more > SHARE * first
    return Verdict(who, measure, len(counted), first, last, max(held), grows)


def judge_all(series: Series) -> list[Verdict]:
    """Judge every process by itself: a new one in place of an old one hides nothing."""
    found = (judge(who, measure, held) for (who, measure, _pid), held in sorted(series.items()))
    return [each for each in found if each is not None]
