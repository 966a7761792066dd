"""The search index: which rows may hold a word, found without reading them all.

It only offers rows; whoever searches reads the word again in each of them (admin/mentions.py), so the index decides
neither what is found nor who sees it. `documents` says what is indexed of a table, `grams` how a text is cut up,
`building` the statements that make it, `folding` how SQLite's follows what is written, `finding` asks it.
"""
