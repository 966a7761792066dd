"""What background work does: `imports`, `exports`, `nightly` with the `kept_files` it leaves; `deliveries` of the
reminders' `mail`, of people's `letters` and of what a group's `robot` is told.

Functions of ids and dates that meet a run by its context alone.
"""
