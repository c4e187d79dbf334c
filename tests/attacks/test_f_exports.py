"""F: what leaves: papers that reach for nothing, tables no spreadsheet works out."""

import io
import json
import re
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from shutil import which

import pikepdf
import pytest

from foundation.csrf import cookie_name
from foundation.db import Database
from tests.attacks.poison import copy_of
from tests.attacks.test_d_scripts import letters_of
from tests.attacks.world import World
from tests.journeys.conftest import free_port
from tests.operations.served import ROOT, surroundings
from tests.people import AMNA

pytestmark = pytest.mark.slow

REACHING = (
    '<img src="{sink}/img"><img srcset="{sink}/set 2x">',
    '<link rel=attachment href="file:///etc/passwd"><link rel=stylesheet href="{sink}/css">',
    "<style>@import url({sink}/import); @font-face{{font-family:x;src:url({sink}/font)}}</style>",
    '<p style="background:url({sink}/style);list-style-image:url(file:///etc/hostname)">x</p>',
    '<svg><image href="{sink}/svg"/><use href="{sink}/use#a"/></svg>',
    '<object data="{sink}/object"></object><embed src="{sink}/embed"><iframe src="{sink}/frame">',
    '<base href="{sink}/"><a rel=attachment href="file:///etc/shadow">x</a>',
    '<img src="data:application/postscript;base64,JSFQUw=="><img src="file:///proc/self/environ">',
    "]]></script></style></title><meta http-equiv=refresh content=0;url={sink}/meta>",
    '<input type=image src="{sink}/input"><video poster="{sink}/poster"><body background={sink}/b>',
    "url({sink}/bare) {{{{ config }}}} {{% include '/etc/passwd' %}} ${{7*7}} {{0.__class__}} %s",
)
"""Each is put behind texts of a report; {sink} is a server that counts who comes."""


@contextmanager
def counting():
    """Listen on a port of this machine and count who connects."""
    visits = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.2)
        over = threading.Event()

        def accept():
            while not over.is_set():
                try:
                    visitor, _ = listening.accept()
                except TimeoutError:
                    continue
                visits.append(visitor.recv(200))
                visitor.close()

        thread = threading.Thread(target=accept)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}", visits
        over.set()
        thread.join()


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    """A report full of things that want to be fetched, and what its printing reached for."""
    calls = tmp_path_factory.mktemp("calls") / "strace.txt"
    with counting() as (sink, visits):
        payloads = [each.format(sink=sink) for each in REACHING]
        words = [sys.executable, "-m", "tests.attacks.sink"]
        if which("strace"):
            traced = "trace=%network,open,openat,access,faccessat,faccessat2,execve"
            words = ["strace", "-f", "-qq", "-o", str(calls), "-e", traced, *words]
        done = subprocess.run(
            words, input=json.dumps(payloads).encode(), capture_output=True, cwd=ROOT, check=False
        )
    assert done.returncode == 0, done.stderr.decode()[-3000:]
    system = calls.read_text() if calls.exists() else ""
    return done.stdout, json.loads(done.stderr), visits, system


def test_F02_printing_reaches_for_nothing(printed):
    _, reached, visits, _ = printed
    assert reached == []
    assert visits == []


def test_F02_the_system_sees_no_socket_and_no_file_but_ours(printed):
    system = printed[3]
    if not system:
        pytest.skip("strace is not here; the hooks of Python watched alone.")
    during = system.split("/duly-begins-here")[1].split("/duly-ends-here")[0]
    assert re.findall(r"(?:socket|connect|sendto|execve)\(.*", during) == []
    opened = re.findall(r'open(?:at)?\(.*?"(.*?)"', during)
    assert [path for path in opened if not path.startswith(str(ROOT / "static"))] == []


def test_F02_the_paper_holds_them_as_letters(printed):
    paper = printed[0]
    letters = letters_of(paper)
    for told in ("rel=attachment", "<svg><image", "@import", "{{config}}", "${7*7}", "<base"):
        assert told in letters, told
    assert "root:x:0" not in letters
    with pikepdf.open(io.BytesIO(paper)) as pdf:
        assert list(pdf.attachments) == ["dossier.json"]


PAGES = (
    "/",
    "/vendors",
    "/vendors?q=pay",
    "/dashboard",
    "/calendar",
    "/audit-log/check",
    "/reviews",
)


def test_F08_the_served_product_tries_no_way_out(product, world, server, tmp_path):
    """In a network of its own: web, worker, a page in each room, a draft on paper."""
    if server is not None:
        pytest.skip("The database of the tests is not to be reached from there.")
    own, port = copy_of(product.database, product.settings, tmp_path, server), free_port()
    own = own.model_copy(update={"base_url": f"http://localhost:{port}", "smtp_url": ""})
    amna = World(own.base_url, Database(own.database_address)).staff(AMNA)
    paths = [*PAGES, f"/vendors/{world.open['vendor_id']}"]
    paths.append(f"{paths[-1]}/report.pdf")
    told = {
        "env": surroundings(own),
        "port": port,
        "log": str(tmp_path / "log"),
        "cookie": f"{cookie_name(amna.cookie)}={amna.session}",
        "paths": paths,
    }
    words = [sys.executable, "-m", "tests.apart", sys.executable, "-m", "tests.attacks.walk"]
    done = subprocess.run(
        words, input=json.dumps(told), capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.returncode == 0, done.stderr
    walked = json.loads(done.stdout)
    assert walked == {"worker": 0, "seen": dict.fromkeys(paths, 200)}


def test_F08_who_tries_is_counted():
    """The counter is the kernel's, and it counts."""
    code = "import socket; s = socket.socket(socket.AF_INET, {}); s.connect(('192.0.2.1', 80))"
    for kind in ("socket.SOCK_STREAM", "socket.SOCK_DGRAM"):
        words = [sys.executable, "-m", "tests.apart", sys.executable, "-c", code.format(kind)]
        done = subprocess.run(words, capture_output=True, text=True, cwd=ROOT, check=False)
        assert (done.returncode, "1 attempts to reach out" in done.stderr) == (1, True), done.stderr
