"""The ten ugliest things people type where a company's name belongs."""

UGLY_NAMES = (
    ("' OR 1=1; DROP TABLE vendor; --", True),
    ("<script>alert(1)</script> & Söhne", True),
    ("{{ 7*7 }} {% raw %} Ltd", True),
    ('=HYPERLINK("http://x") +1', True),
    ("بنك المثال \u202eevil\u202c Ltd", True),
    ("%_%%___", True),
    ("\u200b\u200d\u2060", False),
    ("Acme\x00Pay", False),
    ("4111 1111 1111 1111", False),
    ("A" * 201, False),
)
"""Each with whether it may stay."""
