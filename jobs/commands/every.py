"""All commands of the background and of the database, in the order in which `flask --app app` lists them."""

import click

from jobs.commands.act import act_command
from jobs.commands.background import backup_command, restore_command, schedule_command, work_command
from jobs.commands.check_deadlines import check_deadlines_command
from jobs.commands.database import db_check_command, db_init_command, db_upgrade_command
from jobs.commands.import_plan import import_plan_command
from jobs.commands.import_table import import_table_command
from jobs.commands.seed import demo_logins_command, seed_command

COMMANDS: list[click.Command] = [
    db_init_command,
    db_check_command,
    db_upgrade_command,
    work_command,
    schedule_command,
    backup_command,
    restore_command,
    seed_command,
    demo_logins_command,
    check_deadlines_command,
    import_plan_command,
    import_table_command,
    act_command,
]
