"""Giving notice of a contract: noting that it was given, and taking that back."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from audit.actions import Action
from contracts.contract_facts import LATEST
from contracts.leaving import effect_of, terms_of
from contracts.models import Contract, ContractNotice
from contracts.notice_queries import find_standing, notice_of
from contracts.noting import note_contract
from contracts.queries import documents_of
from contracts.rules import ContractState
from foundation.db import lock_row
from foundation.errors import Conflict, Refused
from foundation.ids import new_id
from identity.rules import Author
from organisation.queries import day_of
from vendors.wording import checked_text

UNKNOWN_END = (
    "Nobody can tell when it ends: the notice we must give is not known. Enter its last day here, "
    "or the notice in days among the facts."
)
TERM_OVER = (
    "Its term was over before notice was given. Enter the last day that was agreed, or end the "
    "contract."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What was given: on which day, in which words, with which last day; None is computed."""

    given_on: date
    note: str = ""
    leaves_on: date | None = None
    letter_id: UUID | None = None


def give_notice(
    session: Session, contract: Contract, notice: Notice, *, version: int, by: Author, at: datetime
) -> ContractNotice:
    """Note that notice was given: the contract ends, and does not renew itself any more.

    Raises Conflict when somebody was faster, and Refused where notice makes no sense.
    """
    _check_version(contract, version)
    today = day_of(session, at)
    _refuse_unless_running(contract)
    _check_day(contract, notice.given_on, today)
    note = checked_text(notice.note, what="The note")
    leaves_on = _last_day(contract, notice, note, today)
    _check_letter(session, contract, notice.letter_id)
    given = ContractNotice(
        id=new_id(),
        contract_id=contract.id,
        given_on=notice.given_on,
        leaves_on=leaves_on,
        note=note,
        letter_id=notice.letter_id,
        noted_by_id=by.person_id,
        noted_at=at,
        reason="",
    )
    session.add(given)
    contract.notice_given_on, contract.leaves_on = notice.given_on, leaves_on
    contract.notice_deadline_on = None
    session.flush()
    told = {"given_on": str(given.given_on), "ends_on": str(leaves_on), "note": note}
    action = Action.CONTRACT_GIVE_NOTICE
    note_contract(session, action, contract, by=by.actor, at=at, **told)
    return given


def take_back_notice(
    session: Session, contract: Contract, *, reason: str, version: int, by: Author, at: datetime
) -> None:
    """Take a notice back: the contract runs on as its terms say.

    Raises Conflict when somebody was faster, and Refused without a reason or a notice that stands.
    """
    _check_version(contract, version)
    given = find_standing(session, contract.id)
    if contract.state is ContractState.ENDED or given is None:
        raise Refused("No notice stands here that could be taken back.")
    why = checked_text(reason, what="The reason")
    if not why:
        raise Refused("Write why the notice is taken back.", where="reason")
    given.taken_back_at, given.taken_back_by_id, given.reason = at, by.person_id, why
    contract.notice_given_on = contract.leaves_on = None
    contract.notice_deadline_on = notice_of(contract, day_of(session, at))
    session.flush()
    told = {"given_on": str(given.given_on), "reason": why}
    action = Action.CONTRACT_TAKE_BACK_NOTICE
    note_contract(session, action, contract, by=by.actor, at=at, **told)


def _check_version(contract: Contract, version: int) -> None:
    lock_row(contract)
    if version != contract.version:
        raise Conflict(
            f"{contract.reference} was changed by somebody else while you were at it. This page "
            "shows how it stands now: read it, then send this again.",
            theirs=contract,
        )


def _refuse_unless_running(contract: Contract) -> None:
    if contract.state is ContractState.ENDED:
        raise Refused("This contract has ended, so it needs no notice any more.")
    if contract.state is ContractState.DRAFT:
        raise Refused("This contract is a draft. Notice ends one that is active.")
    if contract.notice_given_on is not None:
        raise Refused(
            f"Notice was given on {_words(contract.notice_given_on)} already. Take that back "
            "first if it is wrong.",
            where="given_on",
        )


def _check_day(contract: Contract, given_on: date, today: date) -> None:
    if given_on > today:
        raise Refused(
            "Note a notice once it is given: choose today or an earlier day.", where="given_on"
        )
    if contract.starts_on is not None and given_on < contract.starts_on:
        raise Refused(
            f"The contract starts on {_words(contract.starts_on)}, and notice comes after that. "
            "Check the day.",
            where="given_on",
        )


def _last_day(contract: Contract, notice: Notice, note: str, today: date) -> date:
    """Return the last day: the one the terms give, unless another was agreed."""
    terms = terms_of(contract)
    effect = effect_of(terms, notice.given_on)
    last = notice.leaves_on or (effect.leaves_on if effect else None)
    if last is None:
        is_fixed = terms.ends_on is not None and not terms.auto_renews
        raise Refused(TERM_OVER if is_fixed else UNKNOWN_END, where="leaves_on")
    if last < notice.given_on:
        raise Refused("A contract cannot end before notice was given.", where="leaves_on")
    if last < today:
        raise Refused(
            f"With this notice the contract ended on {_words(last)}. Enter that day under End the "
            "contract instead.",
            where="given_on",
        )
    if last > LATEST:
        raise Refused("Check the year of this date.", where="leaves_on")
    if effect and last < effect.leaves_on and not note:
        raise Refused(
            f"By its terms it ends on {_words(effect.leaves_on)}. Note who agreed to an earlier "
            "day.",
            where="note",
        )
    return last


def _check_letter(session: Session, contract: Contract, letter_id: UUID | None) -> None:
    if letter_id is None:
        return
    if letter_id not in {file.evidence_id for file in documents_of(session, contract.id)}:
        raise Refused("Choose one of the files of this contract.", where="letter_id")


def _words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
