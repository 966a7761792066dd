"""A template of the office, .xlsx or .docx, and what is written into it. Who may read what, and how a number is
counted, is not known here: a template says which marks it holds, someone else fills them in, and they are put in place.

1. `marks`      how a mark is written, and those of a template as a tree
2. `paper`      what a paper is: a name, whom it is for, its template
3. `percent`    a share as a number of its own kind
4. `child`      a template opened in a child process with limits; `answering` is the child's side of it
5. `sheets`     an .xlsx template: what it asks for, and it filled (`xlsx/`)
6. `documents`  a .docx template, likewise (`word/`)
7. `templates`  templates of either kind
"""
