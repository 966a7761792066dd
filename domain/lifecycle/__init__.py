"""The life of an item: from what is recorded to the states of items and tasks, and what people do to them.

1. `belonging`   which items a row belongs to
2. `handovers`   the day from which an item and its tasks count; `awaiting`: which items wait for a unit
3. `workflow`    states, derived from what is recorded; of a reply by `review`, stored by `replies`
4. `reactions`   what follows when rows are saved: states and deadlines of the items concerned; `beginnings` knows which
   items begin with the save and need no settling; `last_records` keeps the day of a task's last record
5. `acts/`       what people do to a row with one click; `judging`: for which rows that is open; `doing`: it is done;
   `blaming` finds the row for which the database refused it; `describing` writes docs/workflow.md
6. `last_answers` the last answer to a task, as SQL
7. `under`       what belongs to one item; `timeline`: what has happened to it; `turns`: whose turn it is;
   `handling_units`: who handles it, by role
8. `names`       what rows are called where no mapped row is at hand
"""
