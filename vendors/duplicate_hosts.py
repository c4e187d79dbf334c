"""Hosts that many companies share say nothing about who somebody is. Pure."""

from vendors.naming import domain_key

SHARED_HOSTS = frozenset(
    {
        "facebook.com",
        "github.com",
        "gmail.com",
        "google.com",
        "hotmail.com",
        "linkedin.com",
        "outlook.com",
        "wordpress.com",
        "yahoo.com",
    }
)


def telling_host(website: str) -> str:
    """Return the host of a web address when it tells whose it is; else nothing."""
    host = domain_key(website)
    return "" if host in SHARED_HOSTS else host
