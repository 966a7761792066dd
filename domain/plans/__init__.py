"""分工方案: from an uploaded file to rows with outcomes. Not the screens, not the jobs.

The way of the data, module by module; each is used by the next, never the other way round.

Reading, without a database:

1. `preflight.inspect(path)`        what the file is, told by content; refuses before anything is parsed
2. `child.read_grids(path)`         the file's tables as `grid.Grid`s, read by `readers/` in a limited child process
3. `headers.find_tables(…)`         header rows, columns and scores -> `headers.Table`; words in `vocabulary`
4. `lines.Lines(…).items()`         which rows are items, which headings, totals, notes
5. `units`, `assignees`, `assigning`  written names -> units, role words -> roles, the rules of one main unit
6. `rows.read_rows(…)`              items -> `outcomes.PlanRow`s; facts of single cells in `facts`
7. `reading.read_plan(path, meeting.facts, book, overrides)`  1 to 6 in one call -> `outcomes.Plan`
   `kept.read_plan_once(…, file)`   the same, kept from the preview to the writing
   `reading.refusal(plan)`          why a readable file holds no plan; '' if it does

With a database, in a session of the program:

8. `lookups`                        `find_meeting`, `load_meeting`, `load_unit_book`, `load_overrides`
9. `apply.import_plan(session, meeting, plan, today, progress)`  compares (`stock`, `match`, `people`,
   `second_look`), locks what it changes (`holding`) and writes; a `steps.Step` per row. Commit is for earnest,
   rollback is the preview: the same code, so they cannot disagree
10. `answers.as_json`, `answers.keep_rows`  the command's JSON; the rows kept under the import
11. `undo.undo_import(session, import_id)`  takes an import back by its change log (`logged`), but for what has
   happened `since`

Whoever runs an import sets `session.info["import_id"]` first, so that the change log knows where rows come from.
`grid.UnreadableFile.sentence` and `outcomes.CellError.message` are meant for people as they are.
"""
