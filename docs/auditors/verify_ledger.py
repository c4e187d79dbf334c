"""Checks a ledger exported from Duly. Needs Python 3.9 and nothing else: no Duly, no key, no net.

python3 verify_ledger.py LEDGER.jsonl [--key "k1 ed25519 BASE64" ...] [--kept HEADS.txt]

--key   a public key you were given another way; without it those in the file are believed.
--kept  lines of signed heads you kept: from mails, backups, or an earlier export.
"""

import argparse
import base64
import hashlib
import json
import sys

P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493  # RFC 8032, section 5.1
D = -121665 * pow(121666, -1, P) % P
NOTHING = bytes(32)


def add(a, b):
    x, y = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    z, t = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = y - x, t - z, t + z, y + x
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number, point):
    total = (0, 1, 1, 0)
    while number:
        total, point, number = (
            add(total, point) if number & 1 else total,
            add(point, point),
            number >> 1,
        )
    return total


def point(code):
    sign, y = code[31] >> 7, int.from_bytes(code, "little") & (2**255 - 1)
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if (x * x - square) % P == 0 else x * pow(2, (P - 1) // 4, P) % P
    if y >= P or len(code) != 32 or (x * x - square) % P or (x == 0 and sign):
        raise ValueError("no point")
    x = x if x & 1 == sign else P - x
    return x, y, 1, x * y % P


def is_signed(public, signature, message):
    try:
        key, sig = (
            base64.b64decode(public, validate=True),
            base64.b64decode(signature, validate=True),
        )
        r, s, a = point(sig[:32]), int.from_bytes(sig[32:], "little"), point(key)
    except ValueError:
        return False
    h = int.from_bytes(hashlib.sha512(sig[:32] + key + message).digest(), "little") % L
    left, right = times(s, point(bytes.fromhex("58" + "66" * 31))), add(r, times(h, a))
    same = all((left[i] * right[2] - right[i] * left[2]) % P == 0 for i in (0, 1))
    return len(sig) == 64 and s < L and same


def root(leaves):  # RFC 6962, section 2.1
    level = [hashlib.sha256(b"\0" + leaf).digest() for leaf in leaves]
    while len(level) > 1:
        pairs = [hashlib.sha256(b"\1" + a + b).digest() for a, b in zip(level[::2], level[1::2])]
        level = pairs + level[len(pairs) * 2 :]
    return level[0] if level else hashlib.sha256(b"").digest()


def check(path, given=(), kept=()):
    """Yield every fault as a sentence; afterwards `check.said` holds what was looked at."""
    lines = open(path, "rb").read().split(b"\n")
    try:
        *rows, closing = [json.loads(line) for line in lines[:-1]]
        body = lines[1:-2]
        entries = [
            (row, body[i]) for i, row in enumerate(rows[1:]) if "mac" in row and "action" in row
        ]
        files = [row for row in rows[1:] if "evidence" in row and "format" not in row]
        heads = [
            (row, body[i]) for i, row in enumerate(rows[1:]) if row.get("format") == "duly-head-1"
        ]
        keys, counts = (
            dict(rows[0]["keys"]),
            [closing["entries"], closing["files"], closing["heads"]],
        )
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
        yield "The file is cut short, or is no exported ledger."
        return
    if (
        lines[-1]
        or hashlib.sha256(b"".join(x + b"\n" for x in lines[:-2])).hexdigest() != closing["sha256"]
    ):
        yield "The file is not as it was written: its closing hash differs."
    if counts != [len(entries), len(files), len(heads)] or sum(counts) + 1 != len(rows):
        yield f"It should hold {counts} entries, files and heads."
    for key_id, public in given:
        if keys.get(key_id) != public:
            yield f"The key {key_id} in the file is not the one you were given."
    digests, digest = {0: (NOTHING.hex(), NOTHING.hex())}, NOTHING
    for number, (row, line) in enumerate(entries, 1):
        if row["seq"] != number:
            yield f"Entry {number} is missing or out of order."
            break
        digest = hashlib.sha256(digest + line).digest()
        digests[number] = row["mac"], digest.hex()
    yield from check_heads(heads, keys, digests, files)
    known = {line for _, line in heads}
    for line in kept:
        if line and line not in known:
            yield f"A head you kept is not in the file: {line[:60].decode('utf-8', 'replace')} ..."
    check.said = f"{len(entries)} entries, {len(files)} files, {len(heads)} signed heads"


def check_heads(heads, keys, digests, files):
    before, held, last_key = "0" * 64, [], 0
    for number, (head, line) in enumerate(heads, 1):
        message = b"{" + line[line.index(b",") + 1 :]
        if keys.get(head["key"]) != head["public"] or not is_signed(
            head["public"], head["signature"], message
        ):
            yield f"Head {number} of {head['time']} was not signed with a key of this installation."
        if head["previous"] != before or int(head["key"][1:]) < last_key:
            yield f"Before head {number} of {head['time']} something was taken out or changed."
        if head["restored"] is not None:
            print(f"A backup was restored on {head['time']}: back to entry {head['restored']}.")
            held = [one for one in held if one["seq"] <= head["restored"]]
        before, last_key = hashlib.sha256(line).hexdigest(), int(head["key"][1:])
        held.append(head)
    good = 0
    for head in held:
        if (head["mac"], head["digest"]) != digests.get(head["seq"]) or head["count"] != head[
            "seq"
        ]:
            yield f"Entries {good + 1} to {head['seq']} are not what was signed on {head['time']}."
            break
        good = head["seq"]
    if len(digests) - 1 > good or not held:
        yield f"No good head covers the entries from {good + 1} on."
    if held:
        known = [bytes.fromhex(x["evidence"].replace("-", "") + x["sha256"]) for x in files]
        if root(known).hex() != held[-1]["evidence"]:
            yield "The list of files is not what the newest head was signed for."


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("file")
    parser.add_argument("--key", action="append", default=[])
    parser.add_argument("--kept")
    told = parser.parse_args()
    pairs = [(words[0], words[-1]) for words in map(str.split, told.key)]
    try:
        kept = open(told.kept, "rb").read().splitlines() if told.kept else ()
        faults = list(check(told.file, pairs, kept))
    except OSError as error:
        faults = [f"{error.filename} cannot be read: {error.strerror}."]
    except (ValueError, KeyError, TypeError, IndexError, AttributeError):
        faults = ["A line is not written as Duly writes it."]
    print("\n".join(faults) or f"Everything fits: {check.said}.")
    sys.exit(bool(faults))
