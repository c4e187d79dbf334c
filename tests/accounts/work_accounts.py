"""How a story's member of staff goes to the provider of their organisation, and comes back."""

import re
from contextlib import contextmanager
from urllib.parse import parse_qsl, urlsplit

from accounts.sign_on_asking import CARRIED
from foundation import settings
from identity import providers
from tests.provider import CLIENT, SECRET

OUT, BACK = "/sign-in/work-account", "/sign-in/work-account/back"
LED = re.compile(r"0; url=(.+)")


@contextmanager
def set_for(provider, **more):
    """Let these be the settings: the provider of the story, and what else."""
    before = settings.current()
    chosen = {
        "oidc_issuer": provider.url,
        "oidc_client_id": CLIENT,
        "oidc_client_secret": SECRET,
        **more,
    }
    settings.configure(before.model_copy(update=chosen))
    providers.forget()
    try:
        yield
    finally:
        settings.configure(before)
        providers.forget()


def set_out(client, goal=""):
    """Press the button; return where the browser is led, as address and what is asked there."""
    client.get("/sign-in")
    answer = client.post(f"{OUT}?next={goal}" if goal else OUT)
    assert answer.status_code == 200, answer.text
    address = LED.fullmatch(answer.headers["Refresh"]).group(1)
    return address, dict(parse_qsl(urlsplit(address).query))


def come_back(client, **carried):
    """Come back by the address of the provider, and let the form there go on."""
    page = client.get(BACK, query_string=carried)
    assert page.status_code == 200
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.text)
    fields = {name: value for name, value in found if name != "csrf_token"}
    assert fields == {name: value for name, value in carried.items() if name in CARRIED}
    return client.post(BACK, data=fields)


def sign_on(client, provider, goal="", **carried):
    """Go there and back, by a provider that says what the story lets it say."""
    _, asked = set_out(client, goal)
    provider.nonce = asked["nonce"]
    return come_back(client, **{"state": asked["state"], "code": "good", **carried})
