"""Take the pictures of the README from a running demo.

    ./duly demo --json > demo.json &
    .venv/bin/python docs/pictures/make.py demo.json

Each page is taken light and dark, 1280 wide, and saved with few colours: they are read, not admired
pixel by pixel, and the repository stays small.
"""

import io
import json
import re
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from shutil import which

from PIL import Image
from playwright.sync_api import Browser, Error, Page, sync_playwright

HERE = Path(__file__).parent
FLAGS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-sync",
]
COLOURS = 96


def vendor(page: Page) -> None:
    """Open the status page of a vendor whose decision waits for a signature."""
    search(page, "Verity Identity Checks")


def intake(page: Page) -> None:
    """Fill the intake in with a few answers and the tier they give."""
    page.goto("/vendors/new")
    page.get_by_label("Company name").fill("Larch Data Hosting")
    page.get_by_label("What do they do for us?").fill("Hosts the archive of our statements.")
    for text in ("People's names, addresses", "They come into our network", "Up to a day"):
        page.get_by_label(re.compile(re.escape(text))).first.check()
    page.wait_for_timeout(1500)


def desk(page: Page) -> None:
    """Open the review desk of answers handed in two days ago."""
    page.goto("/reviews")
    page.get_by_role("link", name=re.compile("Halcyon")).first.click()


def section(page: Page) -> None:
    """Open a section of the questionnaire as the vendor sees it."""
    page.goto("/p/")
    page.locator("ul.tasks a").first.click()
    page.locator('ul.tasks a[href*="/s/"]').nth(1).click()


def portfolio(page: Page) -> None:
    """Open tier against remaining risk."""
    page.goto("/dashboard")


def home(page: Page) -> None:
    """Open what needs somebody today."""
    page.goto("/")


def search(page: Page, name: str) -> None:
    """Go to a vendor by its name."""
    page.goto("/")
    page.keyboard.press("/")
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    page.wait_for_load_state()


PICTURES: tuple[tuple[str, str, Callable[[Page], None], int], ...] = (
    ("vendor", "risk", vendor, 860),
    ("home", "procurement", home, 800),
    ("intake", "procurement", intake, 860),
    ("section", "vendor", section, 860),
    ("desk", "risk", desk, 860),
    ("portfolio", "lead", portfolio, 800),
)


def main(told: Path) -> None:
    """Take every picture, light and dark."""
    demo = json.loads(told.read_text())
    path = which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        for name, door, go, height in PICTURES:
            for scheme in ("light", "dark"):
                take(browser, demo, (name, door, go, height), scheme)
        browser.close()


def take(
    browser: Browser,
    demo: dict[str, dict[str, str]],
    what: tuple[str, str, Callable[[Page], None], int],
    scheme: str,
) -> None:
    """Take one picture."""
    name, door, go, height = what
    context = browser.new_context(
        base_url=str(demo["url"]),
        viewport={"width": 1280, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = context.new_page()
    page.goto(demo["doors"][door])
    go(page)
    page.mouse.move(0, 0)
    shot = Image.open(io.BytesIO(_shot(page))).convert("RGB")
    shot.quantize(COLOURS).save(HERE / f"{name}-{scheme}.png", optimize=True)
    context.close()


def _shot(page: Page, tries: int = 5) -> bytes:
    """Return the picture; a busy machine sometimes needs another try."""
    for _ in range(tries - 1):
        with suppress(Error):
            return page.screenshot()
    return page.screenshot()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
