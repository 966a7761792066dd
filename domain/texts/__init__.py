"""How what people write becomes a value: texts, numbers of items, days. The same at every door.

`text` tidies (widths, blanks, line ends), `numbers` knows the significant form of an item's number, `numerals` the
Chinese ones, `next_number` what comes after the others; `dates` knows every writing of a date in a cell, `days` which
days can be stored, `typed_text` in which one form a typed text is kept, `asides` which lines of a table are none of its
rows, `demands` what an item's text asks for one by one, `boxes` which box of a cell is ticked.
"""
