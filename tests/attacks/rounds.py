"""How often an attack that needs luck is repeated: DULY_ATTACKS=long for the full number."""

import os

IS_LONG = os.environ.get("DULY_ATTACKS") == "long"
ROUNDS = 200 if IS_LONG else 4
