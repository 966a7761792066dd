"""Due dates at work. What a person types into one is kept by domain/saving/typed_dates.py.

1. `deadlines`    the arithmetic from rule and facts to a date; working days from domain/time/calendar.py
2. `rulebook`     reads calendar, rules and the facts of tasks
3. `duedates`     due dates as stored: made, compared with the rules, recomputed
4. `donedates`    marks them done from what has been recorded
5. `due_states`   how urgent one is today: a pure function; `next_due`: the next of a task
6. `under_way`    which items are under way, and who answers them; `extensions`: requests that lapse
7. `nightly`      the nightly check: each reminder once
8. `bell`, `digests`          who is told, in the panel and by mail
9. `duelists`, `report_dues`  到期日历, 逾期清单, reports that are owed
"""
