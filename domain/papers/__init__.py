"""A template of the office, .xlsx or .docx, and what is written into it. Who may read what, and how a number is
counted, is not known here: a template says which marks it holds, someone else fills them in, and they are put in place.

1. `marks`      how a mark is written, and those of a template as a tree
2. `percent`    a share as a number of its own kind
3. `paper`      what a paper is: a name, whom it is for, a template
4. `sheets`     an .xlsx template: what it asks for, and it filled; in a child process (`xlsx`)
5. `templates`  templates of every kind, by what their bytes say
"""
