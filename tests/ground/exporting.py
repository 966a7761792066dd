"""The command export, run on an app."""

from click.testing import Result
from flask import Flask

from admin.papers.command import export_command


def run_export(app: Flask, *arguments: str) -> Result:
    """What `flask --app app export …` does and says."""
    return app.test_cli_runner().invoke(export_command, list(arguments))
