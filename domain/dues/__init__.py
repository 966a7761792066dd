"""Due dates at work. The arithmetic from rule and facts to a date is in domain/dues/deadlines.py and calendar.py.

1. `rulebook`     reads calendar, rules and the facts of tasks
2. `duedates`     due dates as stored: made, compared with the rules, recomputed
3. `donedates`    marks them done from what has been recorded; `typed_dates` keeps what a person entered instead
4. `due_states`   how urgent one is today: a pure function
5. `nightly`      the nightly check: each reminder once
6. `bell`, `digests`          who is told, in the panel and by mail
7. `duelists`, `report_dues`  到期日历, 逾期清单, reports that are owed
"""
