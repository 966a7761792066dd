"""Acts: what people do to a row besides filling in its form, declared once. A file for each part of the year.

A declaration says whose the act is, when it is open, what it asks for, what must be there, what it writes and what it
says. Everything else follows from it: buttons, forms, bulk acts, lists of what waits, the command, docs/workflow.md.
"""
