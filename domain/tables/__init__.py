"""Any table from the workbook that its list exports: headers are labels, references natural names.

1. `reading.read_sheet(words, grids)`   the header row and the columns of one table -> `reading.TableSheet`
2. `values.read_value(column, cell)`    a cell as the column's own type, or why not
3. `links.look_up(…)`                   natural names -> ids; `importing.open_table` does 1 and 3, and only reads
4. `matching.match(…)`                  each row against what is stored -> `matching.TableStep`
5. `importing.import_table(…)`          writes what matching decided, with the copies of composite keys (`carrying`);
   the caller commits or rolls back
6. `template`                           what an empty workbook to be filled in holds
"""
