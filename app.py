"""create_app() and the commands: wiring only."""

from pathlib import Path

import click
from flask import Flask

from admin.dues.bell import init_bell
from admin.dues.dues import init_dues
from admin.dues.owed import init_owed
from admin.dues.putting_off import init_putting_off
from admin.dues.recompute import init_recompute
from admin.dues.score_doubts import init_score_doubts
from admin.exports.exporting import init_exports
from admin.exports.reports import init_reports
from admin.figures.command import init_figures_command
from admin.figures.pages import init_figures
from admin.files.attachments import init_attachments
from admin.frame.db import db
from admin.frame.security import init_security
from admin.imports.importing import init_imports
from admin.imports.kinds import init_kinds
from admin.items.whole import init_items
from admin.panel import init_admin
from admin.papers.batches import init_batches
from admin.papers.command import init_export_command
from admin.papers.pages import init_papers
from admin.people.account_commands import init_account_commands
from admin.people.accounts import init_accounts
from admin.people.user_access import init_user_access
from admin.tables.histories import init_histories
from domain import models
from domain.access import scopes
from domain.rules_of_saving import RULES
from domain.schema.file import SCHEMA_FILE, SchemaError
from domain.storing.write_rules import hold_to
from domain.time.clock import Clock, shanghai_now
from jobs.commands.every import COMMANDS
from jobs.queue.waking import JobQueue
from jobs.running.settings import Settings, kept_secret_key


def create_app(
    settings: Settings | None = None,
    schema_file: Path = SCHEMA_FILE,
    clock: Clock = shanghai_now,
) -> Flask:
    """The panel on the database of ``settings`` (default: the environment), grown out of ``schema_file``.

    Raises ClickException, which every command prints as a sentence, where the file breaks its own rules, or a table
    of it has none in domain/access/rules.py.
    """
    settings = settings or Settings.from_environment()
    try:
        models.load(schema_file)
        scopes.check_rules()
    except (SchemaError, RuntimeError) as faults:
        raise click.ClickException(str(faults)) from faults
    hold_to(RULES)
    app = Flask(__name__, template_folder="admin/templates", static_folder="admin/static")
    app.config.update(
        SECRET_KEY=kept_secret_key(settings),
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        MAX_CONTENT_LENGTH=64 * 1024 * 1024,
    )
    app.extensions.update(settings=settings, clock=clock, jobs=JobQueue(settings.redis_url))
    db.init_app(app)
    init_security(app)
    init_accounts(app)
    init_user_access(app)
    init_admin(app)
    init_bell(app)
    init_dues(app)
    init_owed(app)
    init_putting_off(app)
    init_score_doubts(app)
    init_recompute(app)
    init_attachments(app)
    init_histories(app)
    init_items(app)
    init_exports(app)
    init_reports(app)
    init_figures(app)
    init_figures_command(app)
    init_papers(app)
    init_imports(app)
    init_kinds(app)
    init_account_commands(app)
    init_batches(app)
    init_export_command(app)
    for command in COMMANDS:
        app.cli.add_command(command)
    return app
