"""ID tokens: what a provider signed for us a moment ago, and nothing that is nearly so."""

import base64
import hmac
import json
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from joserfc import jws
from joserfc.jwk import ECKey, OKPKey, RSAKey

from identity.id_tokens import Expected, UnknownKey, Unsigned, keys_of, read
from tests.provider import KEY, OTHER_KEY

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
AT = int(NOW.timestamp())
ISSUER, CLIENT = "https://id.example", "duly"
EXPECTED = Expected(ISSUER, CLIENT, "nonce", NOW)
GOOD = {
    "iss": ISSUER,
    "sub": "1",
    "aud": CLIENT,
    "iat": AT,
    "exp": AT + 60,
    "nonce": "nonce",
    "email": "rabia@northwind.example",
    "email_verified": True,
}
HEADER = {"alg": "RS256", "kid": "one"}
PUBLIC = KEY.as_dict(private=False)
KEYS = keys_of([PUBLIC])


def made(key=KEY, header=HEADER, **said):
    claims = {name: value for name, value in (GOOD | said).items() if value is not None}
    return jws.serialize_compact(header, json.dumps(claims), key, algorithms=[header["alg"]])


def part(fields):
    return base64.urlsafe_b64encode(json.dumps(fields).encode()).rstrip(b"=").decode()


def by_hand(header, sign):
    """Return a token no library would make."""
    text = f"{part(header)}.{part(GOOD)}"
    return f"{text}.{base64.urlsafe_b64encode(sign(text.encode())).rstrip(b'=').decode()}"


def by_key(text):
    return KEY.raw_value.sign(text, padding.PKCS1v15(), hashes.SHA256())


def why(text, keys=KEYS):
    with pytest.raises(Unsigned) as refused:
        read(text, keys, EXPECTED)
    return refused.value.why


def test_a_good_token_says_who_it_is():
    found = read(made(amr=["pwd", "mfa", 3], acr="strong", auth_time=AT - 5), KEYS, EXPECTED)
    assert (found.issuer, found.subject, found.email) == (ISSUER, "1", "rabia@northwind.example")
    assert found.is_email_verified
    assert found.factors == {"pwd", "mfa", "strong"}
    assert found.authenticated_at.timestamp() == AT - 5


@pytest.mark.parametrize(
    ("key", "alg"),
    [
        (ECKey.generate_key("P-256", {"kid": "one"}), "ES256"),
        (OKPKey.generate_key("Ed25519", {"kid": "one"}), "EdDSA"),
        (OKPKey.generate_key("Ed25519", {"kid": "one"}), "Ed25519"),
    ],
)
@pytest.mark.filterwarnings("ignore:EdDSA")
def test_other_good_signatures_count_too(key, alg):
    text = made(key, {"alg": alg, "kid": "one"})
    assert read(text, keys_of([key.as_dict(private=False)]), EXPECTED).subject == "1"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"iss": "https://id.example/"}, "issuer"),
        ({"iss": None}, "issuer"),
        ({"iss": ["https://id.example"]}, "issuer"),
        ({"aud": "other"}, "audience"),
        ({"aud": None}, "audience"),
        ({"aud": []}, "audience"),
        ({"aud": ["duly", "other"]}, "audience"),
        ({"azp": "other"}, "party"),
        ({"nonce": "other"}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"nonce": ["nonce"]}, "nonce"),
        ({"nonce": "é"}, "nonce"),
        ({"exp": AT - 120}, "expired"),
        ({"exp": None}, "times"),
        ({"exp": "soon"}, "times"),
        ({"exp": True}, "times"),
        ({"exp": float("nan")}, "times"),
        ({"exp": float("inf")}, "times"),
        ({"exp": 10**30}, "times"),
        ({"iat": None}, "times"),
        ({"iat": AT + 121}, "made"),
        ({"iat": AT - 901}, "made"),
        ({"nbf": AT + 121}, "early"),
        ({"nbf": "later"}, "early"),
        ({"sub": None}, "subject"),
        ({"sub": ""}, "subject"),
        ({"sub": 1}, "subject"),
        ({"sub": "x" * 256}, "subject"),
        ({"sub": "\x00"}, "subject"),
        ({"sub": "\ud800"}, "subject"),
        ({"nonce": "\ud800"}, "nonce"),
    ],
    ids=str,
)
def test_what_is_not_meant_for_us_now_is_refused(said, expected):
    assert why(made(**said)) == expected


@pytest.mark.parametrize("said", [{"aud": ["duly"]}, {"azp": "duly"}, {"exp": AT - 119}], ids=str)
def test_small_differences_are_none(said):
    assert read(made(**said), KEYS, EXPECTED).subject == "1"


@pytest.mark.parametrize("told", ["true", 1, None, False, ["true"]])
def test_an_address_is_checked_when_the_provider_plainly_says_so(told):
    assert not read(made(email_verified=told), KEYS, EXPECTED).is_email_verified


def test_a_signature_by_another_key_is_none():
    assert why(made(OTHER_KEY)) == "signature"


def test_a_token_nobody_signed_is_none():
    for alg in ("none", "None", "NONE", ""):
        assert why(f"{part({'alg': alg, 'kid': 'one'})}.{part(GOOD)}.") == "signature"
    assert why(f"{part({'kid': 'one'})}.{part(GOOD)}.") == "signature"


def test_the_public_key_is_no_secret_both_know():
    for secret in (KEY.as_pem(private=False), json.dumps(PUBLIC).encode(), PUBLIC["n"].encode()):
        for alg in ("HS256", "RS256"):
            forged = by_hand(
                {"alg": alg, "kid": "one"},
                lambda text, secret=secret: hmac.digest(secret, text, "sha256"),
            )
            assert why(forged) == "signature"


def test_a_key_that_comes_along_in_the_token_is_not_used():
    thief = RSAKey.generate_key(2048, {"kid": "thief"})
    for more in (
        {"jwk": thief.as_dict(private=False)},
        {"jku": "https://thief.example/keys"},
        {"x5u": "https://thief.example/x"},
    ):
        header = {"alg": "RS256", "kid": "one", **more}
        assert why(made(thief, header)) == "signature"


def test_what_a_header_calls_critical_has_to_be_understood():
    assert read(by_hand(HEADER | {"other": 1}, by_key), KEYS, EXPECTED).subject == "1"
    for crit in (["other"], ["b64"], ["missing"], "other", 3):
        header = HEADER | {"crit": crit, "other": 1, "b64": False}
        assert why(by_hand(header, by_key)) == "signature", crit


def test_an_algorithm_that_is_not_on_the_list_is_none():
    for alg in ("PS256", "RS512"):
        assert why(made(KEY, {"alg": alg, "kid": "one"})) == "signature"


def test_a_key_nobody_published_is_told_apart():
    with pytest.raises(UnknownKey):
        read(made(KEY, {"alg": "RS256", "kid": "two"}), KEYS, EXPECTED)
    two = keys_of([PUBLIC, PUBLIC | {"kid": "two"}])
    with pytest.raises(UnknownKey):
        read(made(KEY, {"alg": "RS256"}), two, EXPECTED)


@pytest.mark.parametrize(
    "text", ["", "x", "a.b.c", "....", "é.é.é", "x" * 70_000, "e30.e30.", "e30.W10.e30"]
)
def test_what_is_no_token_at_all_is_refused(text):
    assert why(text) in {"form", "signature"}


def test_a_signed_text_that_is_no_object_says_nothing():
    for payload in ("[]", "null", "1", "x", "[" * 5000):
        text = jws.serialize_compact(HEADER, payload, KEY)
        assert why(text) in {"form", "signature"}


@pytest.mark.filterwarnings("ignore:Key size")
def test_keys_that_cannot_sign_for_others_are_passed_over():
    short = RSAKey.generate_key(1024, {"kid": "short"}).as_dict(private=False)
    useless = [
        {"kty": "oct", "k": "c2VjcmV0", "kid": "one"},
        PUBLIC | {"use": "enc"},
        PUBLIC | {"n": "x"},
        {"kty": "RSA"},
        {"kty": "AKP", "alg": "ML-DSA-44"},
        short,
        {},
        None,
        "key",
        3,
    ]
    assert [key.kid for key in keys_of([*useless, PUBLIC])] == ["one"]
