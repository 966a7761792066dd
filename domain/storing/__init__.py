"""Reading and writing rows in somebody's name. People come to the tables by no other way.

1. `database`    the engine: driver, settings, locks
2. `acting`      who acts; `session`: what he reads is scoped, what he writes is checked and logged
3. `statements`  refuses what the scopes would not reach
4. `write_rules` what must hold at a save: how it is asked; domain/rules_of_saving.py lists the rules
5. `flushing/`   the check of one flush; `cascades`, `held`: what goes along, what the actor has a right to
6. `bulk`, `one_save`, `inserting`   the program's own set-based writes: asked, logged, gathered into one save
7. `changes`, `creations`   the change log
8. `refusals/`   from a complaint to its sentence; `halving`: which of many rows the database refuses
9. `holding`     locks; `contention`: two who write are in each other's way; `turns`: in which turn rows are
   written that are saved together
10. `choosing`, `allowed`   what a form may offer; `density`: how a page is found
11. `pauses`     long work without the cycle collector
"""
