"""分工方案: from an uploaded file to rows with outcomes. Not the screens, not the jobs.

The way of the data, module by module (each is used by the next, never the other way round):

1. `preflight.inspect(path)`       what the file is, told by content; refuses before anything is parsed
2. `child.read_grids(path)`        the file's tables as `grid.Grid`s, read in a limited child process by `readers/`
3. `headers.recognise(grid, …)`    header rows, columns and scores of one table -> `headers.Table`
4. `units.UnitBook`                the dictionary of units; `assignees.read_units` reads one cell with role words
5. `rows.read_rows(…)`             tables -> `rows.PlanRow`s with errors, each error with label, value, sentence
6. `reading.read_plan(…)`          1 to 5 in one call -> `reading.Plan`; no database anywhere above this line
"""
