"""What must not be called anywhere in the product: it runs, trusts or hides what strangers send."""

import ast
from collections.abc import Iterator

import pytest

from tests.house.rooms import ROOT, files_of

IMPORTS = {
    "pickle": "unpickling runs code",
    "cPickle": "unpickling runs code",
    "dill": "unpickling runs code",
    "shelve": "unpickling runs code",
    "marshal": "loading crashes on hostile bytes",
    "telnetlib": "is not encrypted",
    "flask_caching": "its stores unpickle",
    "flask_session": "its stores unpickle",
    "apscheduler.jobstores.sqlalchemy": "it unpickles jobs out of the database",
    "apscheduler.jobstores.redis": "it unpickles jobs",
}
CALLS = {
    "eval": "runs code",
    "exec": "runs code",
    "__import__": "runs code by name",
    "os.system": "asks a shell",
    "os.popen": "asks a shell",
    "subprocess.getoutput": "asks a shell",
    "subprocess.getstatusoutput": "asks a shell",
    "tempfile.mktemp": "somebody else may make the file first",
    "hashlib.md5": "is broken",
    "hashlib.sha1": "is broken",
    "yaml.load": "may run code",
    "yaml.unsafe_load": "runs code",
    "yaml.full_load": "ran code before",
    "ssl._create_unverified_context": "trusts everybody",
    "random.choice": "can be foretold",
    "random.randint": "can be foretold",
    "random.random": "can be foretold",
    "render_template_string": "makes a template of a text",
    "flask.render_template_string": "makes a template of a text",
}
ARGUMENTS = {("shell", True), ("verify", False), ("check_hostname", False), ("autoescape", False)}
NAMES = {"CERT_NONE", "SQLAlchemyJobStore", "RedisJobStore", "MD5", "Fernet", "ECB"}
ALLOWED = {
    (
        "mail/letters.py",
        "autoescape=False",
    ): "letters are plain text; nobody else's template is read",
    (
        "questionnaires/references.py",
        "yaml.load",
    ): "our own table, by a loader that knows texts only",
}


def dangers_in(tree: ast.AST) -> Iterator[str]:
    """Yield each dangerous thing of a module in the words of the lists above."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names if each.name in IMPORTS)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from [node.module] if node.module in IMPORTS else []
            whole = (f"{node.module}.{each.name}" for each in node.names)
            yield from (each for each in whole if each in CALLS or each in IMPORTS)
        elif isinstance(node, ast.Call):
            yield from _of_call(node)
        elif isinstance(node, ast.Attribute | ast.Name):
            name = node.attr if isinstance(node, ast.Attribute) else node.id
            yield from [name] if name in NAMES | {"SHA1"} else []


def _of_call(node: ast.Call) -> Iterator[str]:
    name = _dotted(node.func)
    if name in CALLS:
        yield name
    for argument in node.args:
        if isinstance(argument, ast.Constant) and argument.value in {"md5", "sha1"}:
            yield f"{name} by {argument.value}"
    for each in node.keywords:
        if isinstance(each.value, ast.Constant) and (each.arg, each.value.value) in ARGUMENTS:
            yield f"{each.arg}={each.value.value}"


def _dotted(node: ast.expr) -> str:
    """Return a.b.c for such a name; for anything else nothing (unparsing takes its time)."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return ""


def product():
    """Return every file of the product: the rooms, app.py, migrations and bench."""
    more = [path for folder in ("migrations", "bench") for path in (ROOT / folder).rglob("*.py")]
    return [*files_of(), *more]


def test_nothing_of_it_is_in_the_product():
    found = [
        (str(path.relative_to(ROOT)), what)
        for path in product()
        for what in dangers_in(ast.parse(path.read_text()))
    ]
    assert [each for each in found if each not in ALLOWED] == []


@pytest.mark.parametrize(
    "text",
    [
        "import pickle",
        "from pickle import loads",
        "eval('1')",
        "exec(code)",
        "yaml.load(text)",
        "subprocess.run(words, shell=True)",
        "os.system('ls')",
        "from tempfile import mktemp",
        "tempfile.mktemp()",
        "requests.get(url, verify=False)",
        "hashlib.md5(b'')",
        "from hashlib import sha1",
        "context.verify_mode = ssl.CERT_NONE",
        "from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore",
        "Environment(autoescape=False)",
        "HMAC(key, hashes.SHA1())",
        "hmac.digest(key, message, 'sha1')",
    ],
)
def test_the_fence_bites(text):
    assert list(dangers_in(ast.parse(text)))


@pytest.mark.parametrize(
    "text", ["yaml.safe_load(text)", "hashlib.sha256(b'')", "run(shell=False)"]
)
def test_what_is_harmless_passes(text):
    assert list(dangers_in(ast.parse(text))) == []
