"""Ceremonies of passkeys (WebAuthn level 3): what a browser is asked, and whether it signed that.

Attestation is not asked for; the device has to know who holds it (PIN, finger, face).
"""

import json
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, parse_client_data_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AttestationConveyancePreference,
    AuthenticatorSelectionCriteria,
    CredentialDeviceType,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from foundation import settings
from foundation.errors import Refused
from identity.models import Person
from identity.passkey_models import Passkey
from identity.rules import CHALLENGE_LIVES

LONGEST_ANSWER = 64 * 1024
TIMEOUT = int(CHALLENGE_LIVES.total_seconds() * 1000)
NOT_SIGNED = "This passkey does not open the door here. Try again, or take another way in."
_FAULTS = (WebAuthnException, ValueError, TypeError, KeyError, IndexError, OverflowError)
"""What the library raises for bytes that are none of an authenticator."""


class Unproven(Refused):
    """What a browser sent is not what was asked for; `why` is for the ledger, in one word."""

    def __init__(self, why: str, person_id: UUID | None = None) -> None:
        super().__init__(NOT_SIGNED, where="credential")
        self.why = why
        self.person_id = person_id
        """Whose passkey it is, where that is known."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a browser sent back: nothing of it is believed before it is checked."""

    text: str
    credential_id: bytes
    challenge: bytes
    user_handle: bytes | None


@dataclass(frozen=True, slots=True)
class Made:
    """A new key, checked."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    may_be_backed_up: bool
    is_backed_up: bool


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature, checked."""

    sign_count: int
    is_backed_up: bool


def origin() -> str:
    """Return the one origin whose signatures count: scheme, host and port of the base address."""
    parts = urlsplit(settings.current().base_url)
    return f"{parts.scheme}://{parts.netloc}"


def rp_id() -> str:
    """Return the name keys are made for: the host of the base address."""
    return urlsplit(settings.current().base_url).hostname or ""


def ask_to_make(challenge: bytes, person: Person, known: list[bytes]) -> str:
    """Return what the browser is asked, as JSON: a new key, on a device that has none of these."""
    options = generate_registration_options(
        rp_id=rp_id(),
        rp_name="Duly",
        user_id=person.id.bytes,
        user_name=person.email,
        user_display_name=person.name,
        challenge=challenge,
        timeout=TIMEOUT,
        attestation=AttestationConveyancePreference.NONE,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=_described(known),
    )
    return options_to_json(options)


def ask_to_sign(challenge: bytes, known: list[bytes]) -> str:
    """Return what the browser is asked, as JSON; with no key named, any of the person's will do."""
    options = generate_authentication_options(
        rp_id=rp_id(),
        challenge=challenge,
        timeout=TIMEOUT,
        allow_credentials=_described(known) or None,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options)


def read(text: str) -> Answer:
    """Return what a browser sent, unchecked. Raises Unproven when it is nothing of the kind."""
    if not 0 < len(text) <= LONGEST_ANSWER:
        raise Unproven("form")
    try:
        sent = json.loads(text)
        response = sent["response"]
        client = parse_client_data_json(base64url_to_bytes(response["clientDataJSON"]))
        handle = response.get("userHandle")
        answer = Answer(
            text=text,
            credential_id=base64url_to_bytes(sent["rawId"]),
            challenge=client.challenge,
            user_handle=base64url_to_bytes(handle) if handle else None,
        )
    except (*_FAULTS, AttributeError, RecursionError):
        raise Unproven("form") from None
    if client.cross_origin:
        raise Unproven("origin")
    return answer


def check_made(answer: Answer) -> Made:
    """Check a new key against the challenge it answers, which the caller took. Raises Unproven."""
    try:
        found = verify_registration_response(
            credential=answer.text,
            expected_challenge=answer.challenge,
            expected_rp_id=rp_id(),
            expected_origin=origin(),
            require_user_verification=True,
        )
    except _FAULTS:
        raise Unproven("made") from None
    return Made(
        credential_id=found.credential_id,
        public_key=found.credential_public_key,
        sign_count=found.sign_count,
        may_be_backed_up=found.credential_device_type is CredentialDeviceType.MULTI_DEVICE,
        is_backed_up=found.credential_backed_up,
    )


def check_signed(answer: Answer, passkey: Passkey) -> Signed:
    """Check a signature by a known key, its counter included. Raises Unproven."""
    try:
        found = verify_authentication_response(
            credential=answer.text,
            expected_challenge=answer.challenge,
            expected_rp_id=rp_id(),
            expected_origin=origin(),
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except _FAULTS:
        raise Unproven("signature") from None
    if (
        found.credential_device_type is CredentialDeviceType.MULTI_DEVICE
    ) != passkey.may_be_backed_up:
        raise Unproven("backup")  # level 3, 7.2 step 19: this never changes
    return Signed(found.new_sign_count, found.credential_backed_up)


def _described(known: list[bytes]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=one) for one in known]
