"""Out again: any rows as a titled .xlsx that is safe to open, prints on A4 and can be read back. No screens, no jobs.

1. `values`     one value -> how it is written: real dates and numbers, text that can never become a formula
2. `heights`    how high a row must be for its texts
3. `looks`      fonts, frames, formats of numbers, page set-up
4. `workbook`   an `ExportSheet` (title, columns, an iterator of rows) -> an .xlsx file by XlsxWriter, with flat memory
5. `tables`     rows of any mapped table -> an `ExportSheet`; `data_words`: what stored JSON says in words
6. `plans`      the 分工方案 of one meeting -> an `ExportSheet`
7. `reports`    the reports by name
8. `record`     who took out what; nothing goes out without it
9. `blanks`     an empty workbook to be filled in and imported
"""
