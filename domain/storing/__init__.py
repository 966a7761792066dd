"""Reading and writing rows in somebody's name. Nobody reaches the tables otherwise.

1. `database`    the engine: driver, settings, locks
2. `acting`, `session`   one acting user: every read scoped, every write checked and logged
3. `statements`  refuses what the scopes would not reach
4. `write_rules` what must hold at a save: how it is asked; the rules are in domain/saving, listed in rules_of_saving.py
5. `writes`, `cascades`   the check of one flush
6. `bulk`, `one_save`, `inserting`   the program's own set-based writes: asked, logged, gathered into one save
7. `changes`, `creations`   the change log
8. `refusals/`   from a complaint to its sentence; `halving`: which of many rows the database refuses
9. `holding`, `choosing`, `allowed`, `density`, `contention`   locks, what a form may offer, how a page is found
10. `pauses`     long work without the cycle collector
"""
