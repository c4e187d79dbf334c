"""Is this company on record, or in an earlier row? The same name or number says yes. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from vendors.duplicate_hosts import telling_host
from vendors.importing.fields import ImportField
from vendors.importing.inventory import Inventory, Lookalikes
from vendors.importing.outcome import (
    Choices,
    Company,
    Planned,
    Problem,
    ProblemKind,
    RowKind,
    Values,
)
from vendors.naming import name_key

F = ImportField
ANOTHER = "new"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a row was recognised as: a vendor on record, an earlier row, nothing, or a question."""

    target_id: UUID | None = None
    joins: int | None = None
    problem: Problem | None = None
    remark: str = ""


@dataclass(slots=True)
class Recogniser:
    """Remembers every row it has seen."""

    inventory: Inventory
    choices: Choices
    sheet: str
    headers: Sequence[str] = ()
    row_of: dict[tuple[str, object], int] = field(default_factory=dict)
    """Earlier rows by name, host, number and vendor on record."""
    names: dict[int, str] = field(default_factory=dict)
    likely: Lookalikes = field(default_factory=Lookalikes)

    def __post_init__(self) -> None:
        """Let names on record be found too."""
        for known in self.inventory.vendors.values():
            self.likely.add(known.name)

    def recognise(self, number: int, values: Values) -> Seen:
        """Say what a row is, and remember it."""
        name = str(values[F.NAME])
        problem = self._hopeless(number, values)
        if problem is not None:
            return Seen(problem=problem)
        if F.SUB_PROCESSOR_OF in values:
            return self._sub_processor(number, name, values)
        seen = self._chosen(number) or self._known(number, values) or self._hinted(number, values)
        if seen is None or seen.problem is None:
            self._remember(number, name, values, seen)
        if seen is not None:
            return seen
        like = self.likely.add(name)
        return Seen(remark=f"This could be the same company as {like}." if like else "")

    def row_named(self, text: str) -> int | None:
        """Return the row whose company a cell names."""
        return self.row_of.get(("name", name_key(text)))

    def kind_of_sub_processor(self, plan: Planned) -> RowKind:
        """Say whether a sub-processor is on record at its vendor."""
        above = plan.sub_processor_of or Company()
        known = self.inventory.vendors.get(above.vendor_id) if above.vendor_id else None
        name = name_key(str(plan.values[F.NAME]))
        return RowKind.UNCHANGED if known and name in known.sub_processors else RowKind.NEW

    def _sub_processor(self, number: int, name: str, values: Values) -> Seen:
        """Recognise a row that stands behind a vendor: one row for each pair of names."""
        pair = ("behind", (name_key(name), name_key(str(values[F.SUB_PROCESSOR_OF]))))
        earlier = self.row_of.setdefault(pair, number)
        if earlier != number:
            return Seen(joins=earlier)
        found = self.inventory.by_key.get(name_key(name), set())
        return Seen(target_id=next(iter(found)) if len(found) == 1 else None)

    def _hopeless(self, number: int, values: Values) -> Problem | None:
        for which, key in self.inventory.numbers_of(values):
            if key in self.inventory.hidden_numbers:
                return self._problem(
                    number,
                    ProblemKind.TAKEN_NUMBER,
                    which,
                    "a number that no other vendor has",
                    "It is in use already. Leave it out here and ask the risk team.",
                    found=str(values[which]),
                )
        mail = str(values.get(F.CONTACT_EMAIL, ""))
        if mail in self.inventory.shut_out:
            return self._problem(
                number,
                ProblemKind.BAD_VALUE,
                F.CONTACT_EMAIL,
                "somebody who may act for a vendor",
                "This person was shut out. Name another contact.",
                found=mail,
            )
        return None

    def _chosen(self, number: int) -> Seen | None:
        chosen = self.choices.same.get(number)
        if chosen is None or chosen == ANOTHER:
            return None
        if chosen.startswith("row:"):
            earlier = int(chosen[4:])
            return Seen(joins=earlier) if earlier in self.names and earlier != number else None
        found = next((one for one in self.inventory.vendors if str(one) == chosen), None)
        return self._onto(found) if found else None

    def _onto(self, vendor_id: UUID) -> Seen:
        earlier = self.row_of.get(("vendor", vendor_id))
        return Seen(target_id=vendor_id, joins=earlier)

    def _known(self, number: int, values: Values) -> Seen | None:
        if self.choices.same.get(number) == ANOTHER:
            return None
        reference = str(values.get(F.REFERENCE, "")).casefold()
        if reference in self.inventory.by_reference:
            return self._onto(self.inventory.by_reference[reference])
        found = set(self.inventory.by_key.get(name_key(str(values[F.NAME])), ()))
        numbers = [key for _, key in self.inventory.numbers_of(values)]
        found |= {self.inventory.by_number[k] for k in numbers if k in self.inventory.by_number}
        if len(found) > 1:
            return Seen(problem=self._question(number, values, found, None))
        if found:
            return self._onto(found.pop())
        keys = [("name", name_key(str(values[F.NAME]))), *(("number", key) for key in numbers)]
        earlier = next((self.row_of[key] for key in keys if key in self.row_of), None)
        if earlier is None:
            return None
        is_named = self.row_of.get(keys[0]) == earlier
        told = (
            "" if is_named else f"Taken for the company of row {earlier}: the number is the same."
        )
        return Seen(joins=earlier, remark=told)

    def _hinted(self, number: int, values: Values) -> Seen | None:
        """Ask where only the website is the same."""
        host = telling_host(str(values.get(F.WEBSITE, "")))
        if not host or self.choices.same.get(number) == ANOTHER:
            return None
        found = self.inventory.by_host.get(host, set())
        earlier = self.row_of.get(("host", host))
        if not found and earlier is None:
            return None
        return Seen(problem=self._question(number, values, found, earlier))

    def _remember(self, number: int, name: str, values: Values, seen: Seen | None) -> None:
        first = number if seen is None or seen.joins is None else seen.joins
        self.names.setdefault(number, name)
        self.row_of.setdefault(("name", name_key(name)), first)
        for _, key in self.inventory.numbers_of(values):
            self.row_of.setdefault(("number", key), first)
        host = telling_host(str(values.get(F.WEBSITE, "")))
        if host:
            self.row_of.setdefault(("host", host), first)
        if seen is not None and seen.target_id is not None:
            self.row_of.setdefault(("vendor", seen.target_id), first)

    def _question(
        self, number: int, values: Values, found: set[UUID], earlier: int | None
    ) -> Problem:
        known = sorted((self.inventory.vendors[one] for one in found), key=lambda v: v.reference)
        options = [(str(one.vendor_id), f"The same as {one.title}") for one in known[:5]]
        if earlier is not None:
            options.append((f"row:{earlier}", f"The same as row {earlier}: {self.names[earlier]}"))
        options.append((ANOTHER, "Another company"))
        names = ", ".join(text.removeprefix("The same as ") for _, text in options[:-1])
        return self._problem(
            number,
            ProblemKind.SAME_COMPANY,
            F.NAME,
            "a company that is not known yet",
            f"It could be {names}. Say whether it is the same company.",
            found=str(values[F.NAME]),
            options=tuple(options),
        )

    def _problem(  # noqa: PLR0913  every part of a problem is named
        self,
        number: int,
        kind: ProblemKind,
        which: ImportField,
        expected: str,
        fix: str,
        *,
        found: str,
        options: tuple[tuple[str, str], ...] = (),
    ) -> Problem:
        column = next((c for c, f in self.choices.mapping.items() if f is which), None)
        return Problem(
            kind=kind,
            sheet=self.sheet,
            row=number,
            column=column,
            header=header_of(self.headers, column),
            field=which,
            found=found,
            expected=expected,
            fix=fix,
            options=options,
        )


def header_of(headers: Sequence[str], column: int | None) -> str:
    """Return what a column is called; nothing for none."""
    return headers[column] if column is not None and column < len(headers) else ""
