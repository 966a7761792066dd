"""Which rows of a table are meant: what an address asks (`asking`, `addresses`; `fields`, `filters`, `filter_values`,
`mentions`, `searching`, `waiting`, `named`, `slices`), in which order and from which place (`ordering`, `paging`), and
what a picker offers for a text (`pickers`, `likely`).
"""
