"""What every import shares, be it of a plan or of a table. Neither reads a file.

1. `record`      the import's own row: its states, and what a person chose for it
2. `outcomes`    what can become of a row, and what is wrong with one cell
3. `corrections`  what a person says that the file should say; `correcting` keeps it with the import
4. `undo`        takes a written import back by its change log (`logged`), but for what has happened `since`
5. `traces`      what people have left on a row, so that no import drops it
6. `marking/`    the user's own workbook with faults and corrections marked in it
"""
