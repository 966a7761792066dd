"""The demo year: made-up people live the district's year from 2024-04-10 to 2025-10-31, and every act is done in it.

1. `items`     the year's items, and what is known of each for the texts that people write
2. `script`    what happens: the courses that ordinary items go, and the strands of what is out of the ordinary
3. `naming`    rows and values as the script names them
4. `plans`     the assignment plans of the year's meetings, as files; `pages`: the scans that are attached
5. `playing`   the script lived day by day by whoever has hands for it
6. `within`    the hands of people and of the night inside this process
7. `district`  an empty database filled with the year

The same script is played at the panel's door by tests/seeds/year/. The .csv files here are the whole story.
"""
