"""What the check of the ledger has found, in sentences."""

from datetime import datetime

from flask_babel import lazy_gettext as _l

from audit.head_checks import Fault, Finding
from foundation import settings

WORDS = {
    Fault.MISSING: _l(
        "The file of signed heads, %(path)s, is gone; the newest head was signed on %(since)s. Put "
        "it back from a copy, or compare the ledger with the heads an auditor kept."
    ),
    Fault.UNREADABLE: _l(
        "The file of signed heads, %(path)s, cannot be read: look at the disk and the rights."
    ),
    Fault.DAMAGED: _l("Line %(line)s of the signed heads is damaged: nobody can read it."),
    Fault.FORGED: _l(
        "Line %(line)s of the signed heads, of %(since)s, was not signed with the keys of this "
        "installation, or was changed afterwards."
    ),
    Fault.TAKEN_OUT: _l(
        "Before line %(line)s of the signed heads, of %(since)s, lines were taken out or changed."
    ),
    Fault.OLD_KEY: _l(
        "Line %(line)s of the signed heads, of %(since)s, was signed with a key that had been "
        "replaced by then."
    ),
    Fault.CUT: _l(
        "The end of the ledger was cut off: it ends with entry %(after)s, and the head of "
        "%(since)s was signed when it held %(seq)s."
    ),
    Fault.REWRITTEN: _l(
        "Somebody wrote an entry between %(next)s and %(seq)s anew: the ledger is not what was "
        "signed on %(since)s, though its chain may fit."
    ),
    Fault.EVIDENCE: _l(
        "The evidence on record is not what was signed on %(since)s: a file's row or hash was "
        "changed or taken away."
    ),
    Fault.GAP: _l(
        "No head was signed between %(since)s and %(until)s: the worker stood still, or could not "
        "write to %(path)s."
    ),
    Fault.NONE_YET: _l("No head was signed yet: the worker signs one every hour."),
    Fault.SET_BACK: _l(
        "A backup was restored on %(since)s: the ledger went back to entry %(after)s. Signed heads "
        "of before reach to entry %(seq)s."
    ),
}


def sentence(found: Finding) -> str:
    """Say one thing that was found, where it is, and what it means."""
    return str(WORDS[found.fault]) % {
        "path": settings.current().heads_path,
        "line": found.line,
        "after": found.after,
        "next": found.after + 1,
        "seq": max(found.seq, found.after) if found.fault is Fault.SET_BACK else found.seq,
        "since": _moment(found.since),
        "until": _moment(found.until),
    }


def _moment(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else "–"
