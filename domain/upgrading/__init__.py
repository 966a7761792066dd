"""Carrying a filled database from an older schema.sql to this one.

`drift` finds the differences, `upgrade_plan` says them in words and what stands in the way (`clashes`: rows that a new
rule does not let be the same), `rebuilding` (SQLite) and `alterations` (PostgreSQL) are the statements, `upgrade`
carries them out in one transaction.
"""
