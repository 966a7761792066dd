"""What schema.sql says: the only description of the data, read once.

1. `items`         the file's lines, cut into tables, columns, constraints and comments
2. `file`          `read_schema()`: all of it as one `Schema`, and the SQL that builds an empty database
3. `words`         what a table, a rule says: labels, helps, choices, marks; `columns`: what a column says;
   `side_columns`: what a list shows of other tables
4. `states`        the words of states and roles that the code speaks of
5. `faults`, `advice`           what is refused, what is merely unwise
6. `searched`, `search_index`   what of a table is indexed for searching, and the statements that build that index
7. `relations`     the names by which rows lead to each other
8. `row`, `classes`, `loading`  the mapped classes made of it, once per process; asked for in domain/models.py
9. `stub`          their types, for checkers and editors: domain/models.pyi
10. `sql_text`     runs SQL text of our own
"""
