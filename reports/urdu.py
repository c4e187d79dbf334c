"""The second summary in Urdu: the recommendation in our sentences, from the same facts. Pure.

Numbers are in Latin digits, as business in Pakistan writes them; what people wrote is not ours to
translate.
"""

from collections.abc import Iterator
from datetime import date

from reports.changes import LEAST
from reports.dossier_parts import SecondSummaryFacts
from reports.dossier_past import ChangesFacts
from reports.rules import Known

BANDS = {
    "low": "کم",
    "moderate": "درمیانہ",
    "high": "زیادہ",
    "critical": "انتہائی زیادہ",
}
OUTCOMES = {
    "approved": "منظور",
    "approved_with_conditions": "شرائط کے ساتھ منظور",
    "rejected": "نامنظور",
    "more_needed": "فیصلے سے پہلے مزید معلومات درکار ہیں",
}
NUMBERS = {
    "Inherent risk": "بنیادی خطرہ",
    "Controls, claimed": "دعوے کے مطابق اقدامات",
    "Controls, evidenced": "ثبوت کے مطابق اقدامات",
    "Remaining risk": "باقی ماندہ خطرہ",
}
COMPARED = {"report": "رپورٹ", "review": "جائزے"}
MONTHS = (
    "جنوری",
    "فروری",
    "مارچ",
    "اپریل",
    "مئی",
    "جون",
    "جولائی",
    "اگست",
    "ستمبر",
    "اکتوبر",
    "نومبر",
    "دسمبر",
)


def summary_of(known: Known) -> SecondSummaryFacts:
    """Return what the recommendation says, in Urdu."""
    return SecondSummaryFacts(
        language="ur",
        verdict=_verdict(known),
        band=BANDS.get(known.band_value, ""),
        reasons=tuple(_reasons(known)),
    )


def day(value: date | None) -> str:
    """Write a date as 18 دسمبر 2026; nothing known is a dash."""
    return "–" if value is None else f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def moved(changes: ChangesFacts) -> str:
    """Return which numbers moved, from what to what."""
    told = [
        f"{NUMBERS[one.name]} {one.before:.1f} سے {one.after:.1f}"
        for one in changes.numbers
        if one.name in NUMBERS and one.before is not None and one.after is not None
        if abs(one.after - one.before) >= LEAST
    ]
    return f"{'؛ '.join(told)}۔" if told else "کوئی عدد نہیں بدلا۔"


def compared(since: str) -> tuple[str, str]:
    """Return the word for what a report is compared with, and its reference."""
    kind, _, reference = since.partition(" ")
    return COMPARED.get(kind, ""), reference


def _verdict(known: Known) -> str:
    band = BANDS.get(known.band_value)
    risk = f"باقی ماندہ خطرہ {band}" if band else "باقی ماندہ خطرے کا اندازہ نہیں لگایا گیا"
    if known.outcome is None:
        waiting = (
            "زیرِ جائزہ، ابھی کوئی فیصلہ نہیں ہوا" if known.has_submitted else "ابھی جانچ نہیں ہوئی"
        )
        return f"{waiting}؛ {risk}۔"
    words = OUTCOMES[known.outcome]
    if known.conditions and known.outcome == "approved_with_conditions":
        words = f"{_counted(known.conditions, 'شرط', 'شرائط')} کے ساتھ منظور"
    if known.is_final:
        return f"{words}؛ {risk}۔"
    return f"تجویز ہے، ابھی دستخط نہیں ہوئے: {words}؛ {risk}۔"


def _reasons(known: Known) -> Iterator[str]:
    if known.claimed is None or known.evidenced is None:
        yield "کوئی اسکور نہیں: کوئی قابلِ شمار جواب جمع نہیں ہوا، اور نامعلوم کا مطلب کم نہیں۔"
    else:
        claimed, evidenced = known.claimed * 100, known.evidenced * 100
        yield (
            f"حفاظتی اقدامات 100 میں سے دعوے کے مطابق {claimed:.1f} "
            f"اور ثبوت کے مطابق {evidenced:.1f} ہیں۔"
        )
    if known.gates_failed:
        one, many = "لازمی معیار پورا نہیں ہوا", "لازمی معیار پورے نہیں ہوئے"
        yield f"{_counted(known.gates_failed, one, many)}۔"
    if known.gates_open:
        one, many = "لازمی معیار کا جواب نہیں ملا", "لازمی معیاروں کا جواب نہیں ملا"
        yield f"{_counted(known.gates_open, one, many)}، اس لیے منظوری نہیں دی جا سکتی۔"
    if known.clauses_required:
        yield (
            f"معاہدے کی مطلوبہ شقیں: {known.clauses_required} میں سے {known.clauses_met} پوری ہیں۔"
        )
    if known.findings_open:
        yield f"{_counted(known.findings_open, 'خامی ابھی باقی ہے', 'خامیاں ابھی باقی ہیں')}۔"


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
