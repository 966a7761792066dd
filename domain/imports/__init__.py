"""What every import shares, be it of a plan or of a table. Neither reads a file.

1. `record`      the import's own row: its states, and what a person chose for it
2. `outcomes`    what can become of a row, and what is wrong with one cell
3. `undo`        takes a written import back by its change log (`logged`), but for what has happened `since`
4. `traces`      what people have left on a row, so that no import drops it
5. `marking/`    the user's own workbook with the faults marked in it
"""
