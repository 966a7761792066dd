"""Numbers: every measure counted by the list's own reader (`counting`), laid out by a dimension (`tabling`), drawn as
a page (`pages`, with `bars`), and printed for other programs (`command`).
"""
