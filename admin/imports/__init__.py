"""Importing on the screen: drop a file, look at every row, correct, confirm, take back.

`importing` has the addresses, `doors` what each of them begins and ends with, `import_blanks` the empty templates,
`import_overview` the two screens. What stands on them: `import_files` (how a file was understood), `import_rows` (what
becomes of its rows), `import_row` and `import_cells` (one row, cell by cell), `import_people`, `import_dues`,
`import_marks` (the marked workbook). `import_choices` reads what a person chose, `correcting` takes corrections;
`kinds` lets a form for an item doubt what an import doubts.
"""
