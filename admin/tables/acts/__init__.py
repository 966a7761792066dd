"""What the generated screens show of acts: which are offered beside a row and on chosen rows of a list (`offering`),
the small form of one (`forms`), its doing (`doing`), alone or with the save of a form (`with_save`), and what is told
once it is done (`telling`).
"""
