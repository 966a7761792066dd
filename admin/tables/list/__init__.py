"""The page of a list: its rows and what stands around them (`lists`), the questions of its filter form (`filter_form`),
those that a search may have meant (`suggesting`), and the way from one of its rows to the next (`neighbours`).
"""
