"""The door of the panel: log-in, password, sessions, and what an administrator does for an account."""
