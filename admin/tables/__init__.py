"""The generated screens, the same for every table of schema.sql. No `if` about one table.

1. `desk`        one table as one person meets it; `keeping`: what of a row stays as it is, and which act is the way
2. `cells`, `drawing`, `screens`   how a value, rows and a whole screen are given to the templates
3. `finding/`    which rows an address or a picker means
4. `additions`   what other rooms add to these screens when they start
5. `form/`, `acts/`, `list/`, `details`, `deleting`, `histories`   one screen each
6. `table_view`  the addresses that they answer
"""
