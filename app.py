"""The application: knows every room; no room knows it."""

from importlib import import_module

from flask import Flask

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
    request_log,
    sandbox,
    settings,
)
from foundation.csrf import cookie_name
from foundation.settings import Settings
from foundation.web import House, public
from operations import context, health_views, webhook_events
from portal import session as portal_session
from questionnaires import queries as assessments
from reports import feed_access, printing
from reviews import list_standing
from reviews import queries as decisions
from vendors import lent

ROOMS = (
    "foundation.idempotency",
    "audit.models",
    "organisation.models",
    "mail.models",
    "identity.models",
    "identity.passkey_models",
    "identity.sign_on_models",
    "accounts.models",
    "vendors.models",
    "vendors.service_models",
    "vendors.inventory_models",
    "vendors.tier_version_models",
    "vendors.offboarding_models",
    "vendors.search_index",
    "vendors.import_models",
    "evidence.models",
    "questionnaires.models",
    "questionnaires.answer_models",
    "contracts.models",
    "contracts.matrix_models",
    "reviews.models",
    "reviews.decision_models",
    "reviews.attestation_models",
    "reminders.models",
    "reports.models",
    "operations.webhook_models",
)
"""Every module with tables: what migrations compare the database with."""

DOORS = (
    "accounts.views",
    "accounts.enrol_views",
    "accounts.me_views",
    "accounts.own_passkey_views",
    "accounts.own_views",
    "accounts.passkey_views",
    "accounts.people_views",
    "accounts.proving_views",
    "accounts.sign_on_views",
    "accounts.token_views",
    "accounts.api_docs_views",
    "vendors.views",
    "vendors.api",
    "vendors.bulk_views",
    "vendors.contact_views",
    "vendors.export_views",
    "vendors.exposure_views",
    "vendors.facts_views",
    "vendors.field_views",
    "vendors.import_views",
    "vendors.import_check_views",
    "vendors.imported_views",
    "vendors.intake_views",
    "vendors.override_views",
    "vendors.rules_views",
    "vendors.note_views",
    "vendors.service_views",
    "vendors.list_views",
    "vendors.saved_views",
    "vendors.sight_views",
    "vendors.sub_processor_views",
    "evidence.views",
    "evidence.api",
    "questionnaires.views",
    "questionnaires.api",
    "questionnaires.assessment_api",
    "questionnaires.assessment_views",
    "questionnaires.hand_over_views",
    "questionnaires.bulk_views",
    "questionnaires.send_views",
    "contracts.views",
    "contracts.clause_views",
    "contracts.notice_views",
    "contracts.matrix_views",
    "contracts.matrix_file_views",
    "contracts.api",
    "contracts.clause_api",
    "reviews.views",
    "reviews.attestation_views",
    "reviews.condition_views",
    "reviews.decision_views",
    "reviews.finding_views",
    "reviews.verdict_views",
    "reminders.views",
    "reviews.finding_api",
    "reviews.decision_api",
    "reports.views",
    "reports.calendar_views",
    "reports.feed_views",
    "reports.renewal_views",
    "reports.portfolio_views",
    "reports.report_views",
    "reports.search_views",
    "reports.api",
    "reports.verify_views",
    "portal.views",
    "portal.answer_views",
    "portal.attestation_views",
    "portal.clarify_views",
    "portal.entry_views",
    "portal.code_views",
    "portal.evidence_views",
    "portal.factor_views",
    "portal.passkey_views",
    "portal.mail_views",
    "portal.pass_on_views",
    "portal.submit_views",
    "operations.health_views",
    "operations.ledger_views",
    "operations.event_api",
    "operations.first_run_views",
    "operations.mail_views",
    "operations.settings_views",
    "operations.system_views",
    "operations.webhook_views",
    "operations.settings_history_views",
    "operations.entity_views",
    "operations.unit_views",
    "operations.leaving_views",
    "operations.history_views",
    "operations.life_views",
    "operations.merge_views",
    "operations.demo_views",
)
"""Every module with a blueprint called `bp`."""

LABELS = (
    "audit",
    "mail",
    "organisation",
    "accounts",
    "vendors",
    "vendors.importing",
    "evidence",
    "questionnaires",
    "contracts",
    "reviews",
    "reminders",
    "reports",
    "operations",
)
"""Every room with words for its enum members."""

SANDBOX_TASKS = {
    "report.render": "reports.paper:render",
    "report.trial": "reports.paper:trial",
    "report.portfolio": "reports.paper:render_portfolio",
    "report.marks": "reports.marks:read",
    "report.plain_marks": "reports.marks:read_plainly",
    "evidence.inspect": "evidence.inspection:inspect",
    "questionnaire.read": "questionnaires.formats.task:read",
    "questionnaire.notes": "questionnaires.linting.task:notes",
    "vendors.read_list": "vendors.importing.reading:read",
}
"""What may run in the limited child, by name."""

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
    app.extensions["database"] = db.Database(chosen.database_address)
    for installed in (jinja, headers, error_pages, context, request_log):
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


def _open_doors(app: Flask, *, is_demo: bool) -> None:
    modules = [import_module(m) for m in DOORS if is_demo or m != "operations.demo_views"]
    for blueprint in dict.fromkeys(module.bp for module in modules):
        app.register_blueprint(blueprint)
