"""The template to fill in: our columns, what stands in each, and an example. CSV and XLSX."""

import csv
import io

import xlsxwriter

from vendors.importing.fields import ImportField

F = ImportField
COLUMNS: tuple[tuple[ImportField, str, str], ...] = (
    (F.NAME, "Name", "The company as you call it. The only column that must be filled."),
    (F.LEGAL_NAME, "Legal name", "As it stands in contracts, with its legal form."),
    (F.ALIASES, "Other names", "Short or former names, with commas between them."),
    (F.WEBSITE, "Website", "Like acme.com."),
    (F.COUNTRY, "Country", "Where it is registered: a name, or a code such as PK."),
    (F.CATEGORY, "Category", "For example payment, hosting or cleaning."),
    (F.PURPOSE, "What they do", "What they do for us, in a sentence."),
    (F.OWNER, "Owner (mail)", "Mail address or name of our person who answers for them."),
    (F.UNIT, "Unit", "The business unit, as it is called in Duly."),
    (F.TAGS, "Tags", "Words to group by, with commas between them."),
    (F.REGISTRATION, "Registration number", "Of the company register. Leading zeros are kept."),
    (F.TAX, "Tax number", "NTN, VAT number or the like."),
    (F.LEI, "LEI", "The 20 signs of the legal entity identifier."),
    (F.CONTACT_NAME, "Contact name", "Whom we write to at the vendor."),
    (F.CONTACT_EMAIL, "Contact mail", "Their mail address. Nobody is written to by importing."),
    (F.CONTACT_ROLE, "Contact role", "Their job title."),
    (F.STATE, "State", "As it stands today: active, offboarding, ended, declined, onboarding."),
    (F.TIER, "Tier before Duly", "Kept as a remark. Duly works its own tier out."),
    (F.DECISION, "Last decision", "Approved, approved with conditions, or rejected."),
    (F.DECIDED_ON, "Decided on", "The day, like 2025-11-30."),
    (F.DECIDED_BY, "Decided by", "Who decided, by name."),
    (F.NEXT_REVIEW, "Next review", "The day, like 2026-11-30."),
    (F.PARENT, "Parent company", "Name of another vendor on record or in this list."),
    (F.SUB_PROCESSOR_OF, "Sub-processor of", "The vendor behind which this company stands."),
    (F.NOTES, "Notes", "Anything else. Never card numbers."),
)
HELP_TEXTS = frozenset(text for _, _, text in COLUMNS)
"""A row of these is the help of the template and no vendor."""
_TEXT_FORMAT = "@"


def template_csv() -> bytes:
    """Return the template as CSV: the header and one row of help, which importing passes over."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([name for _, name, _ in COLUMNS])
    writer.writerow([text for _, _, text in COLUMNS])
    return out.getvalue().encode("utf-8-sig")


def template_xlsx() -> bytes:
    """Return the template as a workbook: an empty sheet with our header, and a sheet of notes."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    bold = book.add_format({"bold": True, "bottom": 1})
    as_text = book.add_format({"num_format": _TEXT_FORMAT})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    vendors, notes = book.add_worksheet("Vendors"), book.add_worksheet("Notes")
    notes.write_row(0, 0, ["In this sheet", "What stands there"], bold)
    for place, (_, name, text) in enumerate(COLUMNS):
        vendors.write_string(0, place, name, bold)
        # Cells are text, so that leading zeros of numbers stay.
        vendors.set_column(place, place, max(14, len(name) + 2), as_text)
        notes.write_row(place + 1, 0, [name, text], wrapped)
    vendors.freeze_panes(1, 1)
    notes.set_column(0, 0, 24)
    notes.set_column(1, 1, 80)
    book.close()
    return out.getvalue()
