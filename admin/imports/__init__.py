"""Importing on the screen: drop a file, look at every row, correct, confirm, take back.

`importing` has the addresses, `import_overview` the two screens, `import_files` says how a file was understood,
`import_rows` what becomes of its rows, `import_choices` reads what a person chose.
"""
