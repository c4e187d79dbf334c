"""A provider of work accounts for stories: it listens on loopback and signs what a story says."""

import base64
import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from joserfc import jws
from joserfc.jwk import RSAKey

from foundation import clock

KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
CLIENT, SECRET = "duly", "a secret: of both"


class Provider:
    """What a story may turn: what it calls itself, its keys, what it says of who signs in."""

    def __init__(self, url):
        self.url = url
        self.description = {
            "issuer": url,
            "authorization_endpoint": f"{url}/authorize",
            "token_endpoint": f"{url}/token",
            "jwks_uri": f"{url}/keys",
        }
        self.key, self.header = KEY, {"alg": "RS256", "kid": "one"}
        self.published = [KEY.as_dict(private=False)]
        self.says = {}
        """Claims that are not what a good token has; None takes one away."""
        self.token = ""
        """What is answered instead of a token made for the story."""
        self.nonce = ""
        self.asked = []
        """Path and form of every call."""
        self.headers = []
        self.watch = lambda: None

    def claims(self):
        now = int(clock.now().timestamp())
        good = {
            "iss": self.url,
            "sub": "248289761001",
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": self.nonce,
            "email": "rabia@northwind.example",
            "email_verified": True,
        }
        return {name: value for name, value in (good | self.says).items() if value is not None}

    def signed(self):
        return self.token or jws.serialize_compact(self.header, json.dumps(self.claims()), self.key)

    def answer(self, path, form):
        self.asked.append((path, form))
        self.watch()
        if path == "/.well-known/openid-configuration":
            return 200, self.description
        if path == "/keys":
            return 200, {"keys": self.published}
        if path == "/token" and form.get("code") == ["good"]:
            return 200, {"id_token": self.signed(), "access_token": "x", "token_type": "Bearer"}
        return 400, {"error": "invalid_grant"}


@contextmanager
def listening():
    """Run a provider for as long as the block; `shut` it to let it be away."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self._answer({})

        def do_POST(self):
            text = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._answer(parse_qs(text))

        def _answer(self, form):
            provider.headers.append(dict(self.headers))
            status, said = provider.answer(urlsplit(self.path).path, form)
            body = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_parts):
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider = Provider(f"http://127.0.0.1:{server.server_address[1]}")
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    provider.shut = lambda: (server.shutdown(), server.server_close())
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()


def basic():
    """Return what a client shows of its name and secret (RFC 6749, 2.3.1)."""
    return "Basic " + base64.b64encode(b"duly:a+secret%3A+of+both").decode()
