"""分工方案: from an uploaded file to rows with outcomes. Not the screens, not the jobs.

`importing` is the one door: `open_plan` reads a file, `preview` says what would become of its rows, `write` writes
them. Behind it, each used by the next, never the other way round:

1. `lookups`                what reading needs from the database: meeting, units, remembered columns
2. `recognising/`           from the grids of domain/sheets to rows with errors by cell, without a database;
   `kept` keeps what was read from the preview to the writing
3. `stock`                  what the database holds of the meeting
4. `match`                  a `steps.PlanStep` per row: new, updated, unchanged or invalid, with `match_tasks`,
   `match_merges` (并入), `match_sponsors`, `people` (who signed) and `second_look` (doubts)
5. `apply`                  locks what is to change (`holding`), and has it written (`writing`); `blame` finds the cell
   of a refused row
6. `due_look` and `newcomers`  what of it a person wants to see first: due dates, new people
7. `answers`                the command's JSON; the rows kept under the import
8. `template`               what an empty plan to be filled in holds

An import is taken back by domain/imports/undo.py. Whoever runs one sets `session.info["import_id"]` first, so that the
change log knows where rows come from. `CellError.message` is meant for people as it is.
"""
