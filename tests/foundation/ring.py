"""One fixed key ring for tests of sealed things."""

from foundation.keyring import Keyring

FIXED = Keyring({"k1": bytes(range(32)), "k2": bytes(range(32, 64))}, "k1")
