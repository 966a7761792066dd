"""Any spreadsheet as a person would see it: from an uploaded file to grids of cells. Knows no plan and no table.

1. `preflight.inspect(path)`   what the file is, told by content (`text_files`); refuses before anything is parsed
2. `child.read_grids(path)`    its tables as `grid.Grid`s, read by `readers/` in a child process with limits
3. `merges.Merged(grid)`       the same grid with merged cells filled in
4. `kept`                      the grids of a file, kept so that it is opened once

`grid.UnreadableFile.sentence` is meant for people as it is.
"""
