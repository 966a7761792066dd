"""What schema.sql says: the only description of the data, read once.

1. `items`         the file's lines, cut into tables, columns, constraints and comments
2. `file`          `read_schema()`: all of it as one `Schema`, and the SQL that builds an empty database
3. `words`         what a table, a column, a rule says: labels, helps, choices, marks
4. `states`        the words of states and roles that the code speaks of
5. `faults`, `advice`           what is refused, what is merely unwise
6. `searched`, `search_index`   what of a table is indexed for searching, and the statements that build that index
7. `sql_text`      runs SQL text of our own
"""
