"""The search index: which rows may hold a word, found without reading them all.

It only offers rows; whoever searches reads the word again in each of them (admin/tables/finding/mentions.py), so the
index decides neither what is found nor who sees it. `grams` says how a text is cut up, `folding` how SQLite's follows
what is written, `finding` asks it. What is indexed of a table is said by schema.sql: domain/schema/searched.py.
"""
