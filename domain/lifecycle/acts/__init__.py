"""Acts: what people do to a row besides filling in its form, declared once.

1. `act`          what a declaration is made of
2. `conditions`   what several of them ask of a row
3. `recipients`   whom a reply must reach, who has got it and rated it
4. `filing`       papers that a unit files and the office accepts
5. `items`, `tasks`, `replies`, `units`   the declarations, by what they are about
6. `register`     the one list of them

A declaration says whose the act is, when it is open, what it asks for, what must be there, what it writes and what it
says. Everything else follows from it: buttons, forms, bulk acts, lists of what waits, the command, docs/workflow.md.
"""
