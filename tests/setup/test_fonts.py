"""The bundled fonts: there, whole, and small enough to ship."""

import pytest
from fontTools.ttLib import TTFont

from tests.setup.conftest import ROOT

FOLDER = ROOT / "static" / "fonts"
FONTS = {
    "NotoSans-Regular.ttf": "Noto Sans",
    "NotoSans-Bold.ttf": "Noto Sans Bold",
    "NotoSans-Italic.ttf": "Noto Sans Italic",
    "NotoSansMono-Regular.ttf": "Noto Sans Mono Regular",
    "NotoNaskhArabic-Regular.ttf": "Noto Naskh Arabic",
    "NotoNaskhArabic-Bold.ttf": "Noto Naskh Arabic Bold",
}
LATIN = "Aa09 äßéşžŁ ΑΩ Жя – — “ ” … € £ § ±"
URDU = "ابپتٹثجچحخدڈذرڑزژسشصضطظعغفقکگلمنںوہھءیے۰۹۔،؟"


@pytest.mark.parametrize(("file", "name"), FONTS.items())
def test_a_font_is_what_it_says(file: str, name: str):
    with TTFont(FOLDER / file) as font:
        assert font["name"].getDebugName(4).startswith(name)
        needed = URDU if "Arabic" in file else LATIN
        missing = {letter for letter in needed if ord(letter) not in font.getBestCmap()}
    assert missing == set()
    assert (FOLDER / file).stat().st_size < 700_000


def test_every_font_is_named_and_licensed():
    assert {path.name for path in FOLDER.glob("*.ttf")} == FONTS.keys()
    assert "SIL OPEN FONT LICENSE" in (FOLDER / "OFL.txt").read_text()
