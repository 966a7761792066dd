"""The list of a table: what its address asks (`asking`, `filters`, `searching`), in which order and from which place
(`ordering`, `paging`), and what is drawn of it (`lists`, `filter_form`, `suggesting`).
"""
