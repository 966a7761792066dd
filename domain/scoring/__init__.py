"""考核: what the night finds to score, and the entries made of it.

1. `grounds`   what counts against a unit, as questions; whether an entry's ground still holds
2. `entries`   entries made once for each ground, taken back when it is gone

By hand people score in the generated screens; objections are acts (`domain/lifecycle/acts/units/scoring.py`).
"""
