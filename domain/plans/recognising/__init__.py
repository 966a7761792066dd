"""What a person would read in a 分工方案: from grids to rows with errors by cell. Without a database.

1. `tables.find_tables(…)`        header rows (`headers`), columns and scores (`columns`) -> `tables.PlanTable`; words
   in `vocabulary`, what cells look like in `fits`; tables that stand side by side are parted by `blocks`
2. `lines.Lines(…).items()`       which rows are items, which headings, totals, notes
3. `units`, `assignees`, `assigning`   written names -> units, role words -> roles, the rules of one main unit
4. `rows.read_rows(…)`            items -> `outcomes.PlanRow`s, asking `cells`; facts of single cells in `facts`, people
   in `signatures` and `chunks`, which know from `names` what a name looks like
5. `reading.read_plan(path, meeting.facts, book, overrides)`   1 to 4 in one call -> `outcomes.Plan`
   what it leaves unread and what is hidden is told by `remains`; what a person corrected is put in by `amending`
   `reading.refusal(plan)`        why a readable file holds no plan; '' if it does
"""
