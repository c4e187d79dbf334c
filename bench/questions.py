"""A questionnaire of 256 questions in sixteen sections, to measure with."""

SECTIONS = 16
IN_A_SECTION = 16


def as_yaml() -> str:
    """Return it in Duly's own format."""
    lines = ["format: duly-questionnaire/1", "code: bench", "title: A long questionnaire"]
    lines += ["language: en", "sections:"]
    for section in range(SECTIONS):
        lines += [f"  part_{section}:", f"    title: Part {section + 1}", "    questions:"]
        for number in range(IN_A_SECTION):
            lines += _question(f"q{section}_{number}")
    return "\n".join(lines) + "\n"


def _question(code: str) -> list[str]:
    return [
        f"      {code}:",
        "        area: enc",
        "        weight: standard",
        f"        text: Is measure {code} of your company in force and checked every year?",
        "        help: Think of the systems that hold our information.",
        "        why_we_ask: What nobody checks stops working without a sound.",
        "        good_looks_like: Last checked in March, by somebody who did not build it.",
        "        choices:",
        '          yes: {text: "Yes, everywhere", value: 1}',
        '          partial: {text: "Yes, for some systems", value: 0.5}',
        '          no: {text: "No", value: 0}',
        f"        finding: Measure {code} is not in force.",
    ]
