"""Words of passwords that everybody tries first."""

COMMON = frozenset(
    """
    password passw0rd pa55word p@ssword p@ssw0rd letmein welcome iloveyou trustno1 monkey dragon
    football baseball superman batman princess sunshine master shadow starwars whatever
    qwerty qwertyuiop asdfghjkl zxcvbnm qazwsx 1qaz2wsx 1q2w3e4r q1w2e3r4 azerty
    abc123 abcdefghijkl administrator admin changeme secret default guest login access
    pakistan zindabad karachi lahore islamabad allah bismillah muhammad
    correcthorsebatterystaple summer winter spring autumn january
    """.split()  # noqa: SIM905  a list of words reads better as text
)
RUNS = (
    "01234567890123456789",
    "98765432109876543210",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
)
"""Keys and letters in a row."""
