"""What `flask --app app` can do at the server, by subject: `act`, `background`, `database`, `seed`,
`check_deadlines`, `import_plan` and `import_table`, which share `direct_imports`. `every` lists them for app.py; the
commands about accounts are in admin/people/account_commands.py.
"""
