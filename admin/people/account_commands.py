"""Commands about accounts, for the person at the server: the first administrator, and a way back in."""

import click
from flask import Flask
from flask.cli import with_appcontext

from admin.people.accounts import accounts
from domain.people.accounts import BY_COMMAND
from domain.people.lockout import AccountRefused
from domain.people.login_sessions import Visitor


def init_account_commands(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(create_admin)
    app.cli.add_command(reset_password)


@click.command("create-admin")
@click.argument("username")
@click.option("--name", required=True, help="full name of the person")
@with_appcontext
def create_admin(username: str, name: str) -> None:
    """Make a system administrator and print the first password, once."""
    try:
        password = accounts().create_admin(username, name)
    except AccountRefused as refused:
        raise click.ClickException(" ".join(refused.sentences)) from None
    _print(username, password)


@click.command("reset-password")
@click.argument("username")
@with_appcontext
def reset_password(username: str) -> None:
    """Give a user a new first password, lift the lock, and print the password, once."""
    user_id = accounts().find_user_id(username)
    if user_id is None:
        raise click.ClickException(f"没有登录名是“{username}”的用户。")
    _print(username, accounts().give_first_password(user_id, BY_COMMAND, Visitor()))


def _print(username: str, password: str) -> None:
    click.echo(f"登录名：{username}")
    click.echo(f"初始密码：{password}")
    click.echo("请记下：它只显示这一次，首次登录后必须改掉。")
