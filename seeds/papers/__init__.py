"""The templates of the papers that ship with the panel: drawn from what stands here, never kept as files.

1. `layout`    what a spreadsheet holds: title, tables with heads of one or two rows, a line to sign
2. `drawing`   a layout as an .xlsx
3. `tables`    the layouts of lists; `numbers` those of numbers; `ledgers` those of ledgers
4. `letters/`  letters and papers as .docx
5. `register`  all of them as papers
"""
