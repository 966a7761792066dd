"""Papers: a template of the office filled with what its marks stand for, in the scope of who asks.

1. `subjects`   for whom a paper is made: meeting, unit, item, period, and what they say in words
2. `ways`       how rows of one table are those of a row of another
3. `questions`  what stands behind the name of a block, as the question of a list
4. `paths`      labels written one after the other, as columns
5. `figures`    labels of measures and rates, counted as the page 统计表 counts them
6. `planning`   a template's marks, looked up: all faults at once, or a plan (`asks`)
7. `reading`    what the columns of some rows hold, a query for each table on the way
8. `filling`    the plan filled: rows of blocks, set by set
9. `making`     a paper from its name to its file; `shelf`: which papers there are, with the office's own templates
10. `offering`  which marks there are, for the screen; `describing` writes them into docs/marks.zh.md
11. `pages`     the screens, `shelving` those of the office's own templates; `command`: the command export
12. `batching`  all letters of a meeting as one zip, by a background run; `batches`: the page that asks for it
"""
