"""Out again: any rows as a titled .xlsx that is safe to open, prints on A4 and can be read back. No screens, no jobs.

1. `values`     one value -> the XML of one cell: real dates and numbers, text that can never become a formula
2. `heights`    how high a row must be for its texts
3. `workbook`   an `ExportSheet` (title, columns, an iterator of rows) -> an .xlsx file, with flat memory
4. `tables`     rows of any mapped table -> an `ExportSheet`; `data_words`: what stored JSON says in words
5. `plans`      the 分工方案 of one meeting -> an `ExportSheet`
6. `reports`    the reports by name
7. `record`     who took out what; nothing goes out without it
"""
