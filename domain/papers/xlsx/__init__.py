"""The marks of an .xlsx template, and the template with values in their place; all of it in a limited child process.

1. `opening`   a workbook from anybody: what it may not hold is refused by name
2. `asking`    its marks, each with its place
3. `bands`     which rows are repeated for which block, and the rows that come out of it
4. `moving`    where a row, a range and a formula of the template stand in what came out
5. `writing`   one value into one cell: typed, framed as the template says, never a formula
6. `filling`   a sheet built anew from its template, row by row
"""
