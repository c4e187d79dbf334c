"""Erasing words of the ledger, and the pass without which records cannot be changed."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy import String, cast, delete, or_, select, update
from sqlalchemy.orm import Session

from audit.models import Entry, ErasurePass, Words
from foundation.ids import new_id

AT_ONCE = 500


@contextmanager
def pass_for_erasing(session: Session) -> Iterator[None]:
    """Let this transaction erase what the database otherwise keeps as it was recorded.

    Only erasures hold it; that the pass was used shows in their own entry of the ledger.
    """
    shown = ErasurePass(id=new_id())
    session.add(shown)
    session.flush()
    yield
    session.flush()
    session.execute(delete(ErasurePass).where(ErasurePass.id == shown.id))


def forget_words_about(session: Session, subject_ids: Iterable[UUID]) -> int:
    """Empty the words of every entry about these things; return how many entries it was."""
    ids, done = list(subject_ids), 0
    for start in range(0, len(ids), AT_ONCE):
        about = select(Entry.seq).where(Entry.subject_id.in_(ids[start : start + AT_ONCE]))
        done += _empty(session, session.scalars(about).all())
    return done


def forget_words_naming(session: Session, names: Iterable[str]) -> int:
    """Empty the words of every entry that hold one of these texts; return how many it was."""
    return _empty(session, _naming(session, names))


def count_words_naming(session: Session, names: Iterable[str]) -> int:
    """Return how many entries hold one of these texts in their words."""
    return len(_naming(session, names))


def _naming(session: Session, names: Iterable[str]) -> list[int]:
    text = cast(Words.words, String)
    held = [text.contains(_as_stored(name), autoescape=True) for name in names if name]
    if not held:
        return []
    return list(session.scalars(select(Words.seq).where(Words.words.is_not(None), or_(*held))))


def _as_stored(name: str) -> str:
    """Write a text as JSON columns hold it: what is not ASCII is spelled by its numbers."""
    return json.dumps(name)[1:-1]


def _empty(session: Session, numbers: Iterable[int]) -> int:
    seqs, done = list(numbers), 0
    for start in range(0, len(seqs), AT_ONCE):
        some = seqs[start : start + AT_ONCE]
        chosen = update(Words).where(Words.seq.in_(some), Words.salt.is_not(None))
        emptied = session.execute(
            chosen.values(words=None, salt=None).returning(Words.seq),
            execution_options={"synchronize_session": False},
        )
        done += len(emptied.all())
    return done
