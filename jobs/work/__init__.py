"""What background work does: `imports`, `exports`, `nightly` with its `mail`, and the `kept_files` it leaves.

Functions of ids and dates that meet a run by its context alone.
"""
