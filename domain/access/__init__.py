"""Who sees which rows and may do what. storing/ enforces the answers.

1. `rule`        what a rule is made of: the types, and the two refusals
2. `criteria`    the conditions on rows that rules are made of, as SQL; those on attachments in `attached`
3. `rules`       the table of rules: the one place where it is said who may what
4. `scopes`      how the rules are asked
5. `loader_criteria`   the read rules of an actor as one option of a statement
6. `importable`  which tables a file may fill, and who may
7. `describing`  writes docs/roles.md and docs/schema.md from what is declared
"""
