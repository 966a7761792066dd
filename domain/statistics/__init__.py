"""What is counted, and what a number means: `measures` says what a measure and a rate are, `conditions` names what no
column holds, `dimensions` by what numbers are told apart, `register` lists them all, and `ratios` divides.

A measure is a question to a list in the list's own words (admin/tables/finding reads them; admin/figures counts), so
that a number and the list behind it are one question.
"""
