"""Reading and writing rows in somebody's name. Nobody reaches the tables otherwise.

1. `database`    the engine: driver, settings, locks
2. `session`     one acting user: every read scoped, every write checked and logged
3. `statements`  refuses what the scopes would not reach
4. `writes`, `cascades`, `authorship`   the check of one flush, and what it fills in
5. `changes`, `creations`               the change log
6. `bulk`, `inserting`                  the program's own set-based writes, logged
7. `violations`, `broken_keys`, `refused_writes`   from a database's complaint to the constraint's sentence
8. `halving`                            which of many rows the database refuses, and why
"""
