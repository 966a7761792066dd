"""The form of a table: its fields (`forms`, `fields`, `making`), what stands in a new one (`starting`, `numbering`),
what its pickers tell of it (`lookups`), how it opens (`opening`, `pages`), which acts go with its save (`following`),
how it is saved (`saving`, `once`, `conflicts`), what is asked once more (`doubts`) and said when it is not saved
(`refusals`); `blocks/`: the rows below.
"""
