"""The form of a table: its fields (`forms`), what a reference offers (`pickers`), how it opens (`form_pages`), how it
is saved (`saving`, `once`, `conflicts`) and what is said when it is not (`refusals`).
"""
