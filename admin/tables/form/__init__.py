"""The form of a table: its fields (`forms`, `fields`), what a reference offers (`pickers`), how it opens (`opening`),
how it is saved (`saving`, `once`, `conflicts`) and what is said when it is not (`refusals`).
"""
