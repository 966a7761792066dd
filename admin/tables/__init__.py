"""The generated screens, the same for every table of schema.sql. No `if` about one table.

1. `desk`        one table as one person meets it
2. `table_view`  its addresses; `list/` and `form/` answer them, `details`, `deleting`, `acting`, `histories` the others
3. `cells`, `drawing`, `screens`   how a value, rows and a whole screen are given to the templates
4. `additions`   what other rooms add to these screens when they start
"""
