"""The inside of a Word template. Nothing here knows where values come from.

1. `names`      the names of its elements
2. `judging`    what may not be in a template that anybody uploads
3. `parts`      the file as parts: those with text as trees, the others untouched
4. `places`     where an element stands, as its writer finds it
5. `cutting`    marks that a word processor has cut over many runs, each made one run of its own
6. `blocks`     which paragraphs, rows or runs a block repeats
7. `values`     a value as its runs, lines and paragraphs
8. `filling`    the blocks of a tree repeated, its marks replaced
9. `tidying`    what must be right again when paragraphs and rows have come and gone
10. `template`  a file opened, its marks, and it filled in; `__main__` does it in a child process
"""
