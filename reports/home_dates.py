"""What falls due, as rows of the first page: whose it is to act on, and where it is done."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from sqlalchemy.orm import Session

from accounts.rules import Role
from reports.dates.gathering import gather
from reports.dates.row import DateKind, DateRow, Wanted
from reports.looking import MOST_READ, NEAR, RISK_TEAM, SEE_NOTICES, SHOWN_TO, Dated, Looker
from reports.tasks import Act, Item, Task

TASKS: dict[DateKind, Task] = {
    DateKind.FINDING: Task.MEND,
    DateKind.EVIDENCE: Task.RENEW_PROOF,
    DateKind.CONDITION: Task.MEET_CONDITION,
    DateKind.EXEMPTION: Task.RENEW_EXEMPTION,
    DateKind.REVIEW: Task.REASSESS,
    DateKind.NOTICE: Task.GIVE_NOTICE,
    DateKind.WORD: Task.CHASE_WORD,
    DateKind.CHANGE: Task.JUDGE_CHANGE,
}
"""Which dates stand on the first page, and as what."""


def dated_of(session: Session, who: Looker) -> list[Dated]:
    """Return everything with a date that this person's roles look at."""
    wanted = Wanted(
        viewer_id=who.person_id,
        today=who.today,
        last=who.until,
        own=not who.sees_all,
        is_work=True,
        most=MOST_READ,
    )
    kinds = [kind for kind, task in TASKS.items() if SHOWN_TO[task] & who.roles]
    rows = [row for row in gather(session, wanted, kinds).rows if _is_shown(row, who)]
    proof = [row for row in rows if row.kind is DateKind.EVIDENCE]
    found = [_dated(row, who) for row in rows if row.kind is not DateKind.EVIDENCE]
    return found + [_ending(files, who) for files in _by_vendor(proof)]


def _is_shown(row: DateRow, who: Looker) -> bool:
    is_own = row.vendor_owner_id == who.person_id
    return row.kind is not DateKind.NOTICE or is_own or bool(who.roles & SEE_NOTICES)


def _dated(row: DateRow, who: Looker) -> Dated:
    item = _item(row, TASKS[row.kind], who)
    return Dated(item, is_mine=_IS_MINE[row.kind](row, who))


def _by_vendor(rows: Iterable[DateRow]) -> Iterable[list[DateRow]]:
    """Group the files of a vendor, which often end together: they are one thing to do."""
    grouped: dict[object, list[DateRow]] = {}
    for row in rows:
        grouped.setdefault(row.vendor_id, []).append(row)
    return grouped.values()


def _ending(files: list[DateRow], who: Looker) -> Dated:
    first = files[0]
    item = replace(_item(first, Task.RENEW_PROOF, who), more=len(files) - 1, holder="")
    concerns = bool(RISK_TEAM & who.roles) or first.vendor_owner_id == who.person_id
    return Dated(item, is_mine=_is_near(first, who) and concerns)


def _item(row: DateRow, task: Task, who: Looker) -> Item:
    return Item(
        task=Task.CHECK_MENDED if row.is_mended else task,
        about=row.about,
        act=act_of(row, sends=_sends(who)),
        name=row.vendor,
        vendor_id=row.vendor_id,
        tier=row.tier,
        is_provisional=row.is_provisional,
        reference=row.reference,
        detail=row.detail,
        due_on=row.on,
        words=(row.word,) if row.word else (),
        holder=row.holder,
    )


def act_of(row: DateRow, *, sends: bool = False) -> Act:
    """Return where a thing with a date is looked at, or begun anew by those who send."""
    if row.kind is DateKind.REVIEW and sends:
        return Act("questionnaires.send", {"vendor_id": row.vendor_id})
    endpoint, name = _PLACES[row.kind]
    return Act(endpoint, {name: row.vendor_id if name == "vendor_id" else row.about})


def _is_near(row: DateRow, who: Looker) -> bool:
    return row.on is not None and row.on <= who.today + NEAR


def _is_late_for_lead(row: DateRow, who: Looker) -> bool:
    return row.is_overdue(who.today) and Role.LEAD in who.roles


def _sends(who: Looker) -> bool:
    return bool(who.roles & (RISK_TEAM | {Role.PROCUREMENT}))


def _finding(row: DateRow, who: Looker) -> bool:
    by_risk = who.person_id == row.also_id or Role.LEAD in who.roles
    if row.is_mended:
        return bool(RISK_TEAM & who.roles) and by_risk
    return (who.person_id == row.owner_id or by_risk) and _is_near(row, who)


def _condition(row: DateRow, who: Looker) -> bool:
    return _is_late_for_lead(row, who) or (_is_near(row, who) and row.owner_id == who.person_id)


def _exemption(row: DateRow, who: Looker) -> bool:
    concerns = who.person_id in {row.owner_id, row.also_id} or Role.LEAD in who.roles
    return concerns and _is_near(row, who)


def _reassessment(row: DateRow, who: Looker) -> bool:
    is_own = row.vendor_owner_id == who.person_id and _sends(who)
    return _is_late_for_lead(row, who) or (_is_near(row, who) and is_own)


def _notice(row: DateRow, who: Looker) -> bool:
    return row.vendor_owner_id == who.person_id and _is_near(row, who)


def _word(row: DateRow, who: Looker) -> bool:
    is_own = row.vendor_owner_id == who.person_id and _sends(who)
    return row.is_overdue(who.today) and (is_own or Role.LEAD in who.roles)


def _change(row: DateRow, who: Looker) -> bool:
    del row
    return bool(RISK_TEAM & who.roles)


_IS_MINE: dict[DateKind, Callable[[DateRow, Looker], bool]] = {
    DateKind.FINDING: _finding,
    DateKind.CONDITION: _condition,
    DateKind.EXEMPTION: _exemption,
    DateKind.REVIEW: _reassessment,
    DateKind.NOTICE: _notice,
    DateKind.WORD: _word,
    DateKind.CHANGE: _change,
}

_PLACES: dict[DateKind, tuple[str, str]] = {
    DateKind.NOTICE: ("contracts.contract", "contract_id"),
    DateKind.RENEWAL: ("contracts.contract", "contract_id"),
    DateKind.CONTRACT_END: ("contracts.contract", "contract_id"),
    DateKind.REVIEW: ("reports.vendor", "vendor_id"),
    DateKind.ANSWERS: ("questionnaires.assessment", "assessment_id"),
    DateKind.FINDING: ("reviews.finding", "finding_id"),
    DateKind.CONDITION: ("reviews.condition", "condition_id"),
    DateKind.EVIDENCE: ("evidence.of_vendor", "vendor_id"),
    DateKind.EXEMPTION: ("reports.vendor", "vendor_id"),
    DateKind.MATRIX: ("contracts.matrix", "vendor_id"),
    DateKind.WORD: ("reviews.attestation", "attestation_id"),
    DateKind.CHANGE: ("reviews.attestation", "attestation_id"),
}
"""The page of each thing, and what its address names."""
