"""A mail server that goes away, and that kills whoever hands it a letter."""

import asyncio
import os
import signal
import threading
from email import message_from_bytes, policy
from functools import partial

from aiosmtpd.controller import Controller

from tests.mail.server import free_port

KILLS = ("before", "unheard", "in hand", "answered")
"""Where in the handing over a worker is killed: before its letter, with the letter sent but not
taken, with the letter taken but not answered, and while the answer is on its way."""


class Crew:
    """Two workers of the nursery: killed by anybody, found again by the one who tells the year."""

    def __init__(self, nursery, hands, surroundings, chance):
        self.nursery = nursery
        self.hands = hands
        self.surroundings = surroundings
        self.chance = chance
        self.pids = [nursery.bear(number, each) for number, each in enumerate(surroundings)]
        self.fallen = set()
        self.deaths = 0
        self._lock = threading.Lock()

    def kill(self, number):
        """Kill one, if it stands; its number stays its own until it is buried."""
        with self._lock:
            if number not in self.fallen:
                os.kill(self.pids[number], signal.SIGKILL)
                self.fallen.add(number)

    def kill_one(self):
        self.kill(self.chance.randrange(len(self.pids)))

    def revive(self):
        with self._lock:
            for number in self.fallen:
                ended = self.nursery.bury(self.pids[number])
                assert ended == -signal.SIGKILL, f"a worker ended by itself with {ended}"
                self.hands.forget(number)
                self.pids[number] = self.nursery.bear(number, self.surroundings[number])
                self.deaths += 1
            self.fallen.clear()

    def send_home(self):
        """End both as an operator does; return their exit codes."""
        for pid in self.pids:
            os.kill(pid, signal.SIGTERM)
        return [self.nursery.bury(pid) for pid in self.pids]


class Post:
    """Takes letters through a door for each worker; `is_wild` while it may kill."""

    def __init__(self, n_doors, chance):
        self.ports = [free_port() for _ in range(n_doors)]
        self.chance = chance
        self.messages = []
        self.is_wild = False
        self.kill = None
        self._doors = []

    def open(self):
        for number, port in enumerate(self.ports):
            hand = _Hand(self, number)
            self._doors.append(Controller(hand, hostname="127.0.0.1", port=port))
            self._doors[-1].start()

    def close(self):
        while self._doors:
            self._doors.pop().stop()

    def fate(self):
        """Return where the next worker dies, or an empty text."""
        return self.chance.choice(KILLS) if self.is_wild and self.chance.random() < 0.3 else ""


class _Hand:
    def __init__(self, post, number):
        self.post = post
        self.number = number

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: ARG002, N802
        session.fate = self.post.fate()
        if session.fate == "before":
            self.post.kill(self.number)
        envelope.mail_from = address
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: ARG002, N802
        fate, session.fate = session.fate, ""
        if fate == "unheard":
            self.post.kill(self.number)
            return "451 not now"
        self.post.messages.append(message_from_bytes(envelope.content, policy=policy.SMTP))
        if fate == "in hand":
            self.post.kill(self.number)
        elif fate == "answered":
            soon = self.post.chance.uniform(0, 0.01)
            asyncio.get_running_loop().call_later(soon, partial(self.post.kill, self.number))
        return "250 OK"
