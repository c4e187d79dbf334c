"""Work accounts: whether their provider answers, and whether somebody gets in without it."""

from sqlalchemy.orm import Session

from accounts.queries import list_staff
from accounts.rules import Role
from accounts.sign_on_asking import way_back
from foundation.settings import Settings
from identity import factors, providers
from identity.providers import Away
from operations.system_check import Check, Grade

NAME = "Work accounts"


def check_provider(used: Settings) -> Check:
    """Ask the provider to describe itself, with its keys; nobody is signed in. For a terminal."""
    try:
        found = providers.ask(used.oidc_issuer)
    except Away as refusal:
        fix = (
            "Compare DULY_OIDC_ISSUER, letter by letter, with the issuer the provider names, and "
            "let this machine reach it."
        )
        return Check(NAME, Grade.BROKEN, f"{used.oidc_issuer} cannot be used: {refusal.why}", fix)
    said = (
        f"{found.issuer} answers, with keys to check signatures: {len(found.keys.keys)}; "
        f"it has to know the way back {way_back()}"
    )
    return Check(NAME, Grade.OK, said)


def check_emergency_door(session: Session) -> Check:
    """Ask whether an administrator could come in by password or passkey while it is away."""
    name = "Way in without work accounts"
    able = [
        row
        for row in list_staff(session, Role.ADMINISTRATOR)
        if factors.has_passkey(session, row.person_id)
        or (row.has_password and factors.is_enrolled(session, row.person_id))
    ]
    if able:
        return Check(name, Grade.OK, f"Administrators with a way of their own: {len(able)}")
    said = "No administrator has a password and a second factor, or a passkey"
    fix = "Let an administrator add a passkey on their account page, before the provider is away."
    return Check(name, Grade.LOOK, said, fix)
