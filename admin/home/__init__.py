"""The front page (`home`): numbers of what each role looks at in the morning, as `mornings` declares them, the rows
that wait for this person to do an act (`waiting`), and whether the nightly check ran (`nightly_note`).
"""
