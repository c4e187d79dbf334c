"""The application: knows every room; no room knows it."""

from importlib import import_module

from flask import Flask
from sqlalchemy.orm import configure_mappers
from werkzeug.middleware.proxy_fix import ProxyFix

from accounts import api_access
from accounts import signin as staff_signin
from audit import commands as ledger
from foundation import (
    db,
    error_pages,
    failpoints,
    headers,
    jinja,
    keyring,
    outages,
    request_log,
    sandbox,
    sent_forms,
    settings,
)
from foundation.csrf import cookie_name
from foundation.settings import Settings
from foundation.web import House, public
from operations import context, health_views, webhook_events
from operations.parts import DOORS, LABELS, ROOMS, SANDBOX_TASKS
from portal import session as portal_session
from questionnaires import queries as assessments
from reports import feed_access, printing
from reviews import list_standing
from reviews import queries as decisions
from vendors import lent

LARGEST_BODY = 27_000_000
"""A file of 25 MB (25 * 1024 * 1024) and the form around it."""


def set_up(chosen: Settings) -> None:
    """Make the process ready for work: settings, keys, sandbox, ledger. For every door."""
    settings.configure(chosen)
    keyring.configure(keyring.Keyring.open(chosen.keys_path), chosen.keys_path)
    failpoints.configure(chosen.failpoints)
    sandbox.configure(allow_weak=chosen.sandbox_weak, environment=printing.ENVIRONMENT)
    sandbox.register(SANDBOX_TASKS)
    db.before_commit(ledger.seal)
    db.before_commit(webhook_events.publish)
    lent.lend(
        unassessed=assessments.never_sent,
        decided=decisions.last_decided,
        standings=list_standing.standings_of,
    )
    for module in ROOMS:
        import_module(module)
    for room in LABELS:
        import_module(f"{room}.labels")


def load() -> None:
    """Read every module now, so that a process forked later is ready at once, after a death too."""
    labels = (f"{room}.labels" for room in LABELS)
    for module in (*ROOMS, *labels, *dict.fromkeys(DOORS)):
        import_module(module)
    configure_mappers()


def create_app(chosen: Settings | None = None) -> House:
    """Return the web application; refuses to start when a view declares no right."""
    chosen = chosen or settings.from_env()
    set_up(chosen)
    app = House("app", static_folder="static", template_folder="templates")
    app.config.update(
        SECRET_KEY=keyring.current().derive("flash|v1"),  # for messages shown once, nothing else
        SESSION_COOKIE_NAME=cookie_name("duly_notes"),
        SESSION_COOKIE_SECURE=chosen.is_secure,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        MAX_FORM_MEMORY_SIZE=2_000_000,
        MAX_FORM_PARTS=2_000,
    )
    _believe_proxies(app, chosen.trusted_proxies)
    app.extensions["database"] = db.Database(chosen.database_address)
    for installed in (jinja, headers, sent_forms, error_pages, outages, context, request_log):
        installed.install(app)
    staff_signin.install(app)
    api_access.install(app)
    feed_access.install(app)
    portal_session.install(app)
    health_views.install(app)
    _open_doors(app, is_demo=chosen.demo)
    public(app.view_functions["static"])
    app.refuse_undeclared_views()
    return app


def _believe_proxies(app: Flask, count: int) -> None:
    """Take the visitor's address from what our own proxies wrote, and nothing else from a client.

    Each proxy adds one address at the end; what a client claims stands before them.
    """
    if count:
        inner = app.wsgi_app
        app.wsgi_app = ProxyFix(inner, x_for=count, x_proto=1, x_host=0)  # type: ignore[method-assign]


def _open_doors(app: Flask, *, is_demo: bool) -> None:
    modules = [import_module(m) for m in DOORS if is_demo or m != "operations.demo_views"]
    for blueprint in dict.fromkeys(module.bp for module in modules):
        app.register_blueprint(blueprint)
