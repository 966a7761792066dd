"""The door of the panel: log-in, password, sessions, and what an administrator does for an account.

`accounts` is the gate and the own account, `user_access` what an administrator does, `account_commands` two commands;
`screens` is what the templates are given.
"""
