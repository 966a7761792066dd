"""A template of the office, .xlsx or .docx, and what is written into it. Who may read what, and how a number is
counted, is not known here: a template says which marks it holds, someone else fills them in, and they are put in place.

1. `marks`      how a mark is written, and those of a template as a tree
2. `documents`  the .docx side: what a Word template asks for, and the document filled in; its parts are in `word/`
"""
