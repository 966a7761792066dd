"""The columns that a list shows of other tables (旁列): whose they are, what they hold for some rows, how they narrow.

Everything is read in the session of the person: a row or a column that is not his neither shows nor answers.
"""
