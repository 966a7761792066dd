"""Why a write was refused: `implausible` by a rule of ours, `violations` by the database, from its complaint to the
sentence of the constraint, with `broken_keys` and `refused_writes` to find which.
"""
