"""What the programs stand on: settings, folders, a Redis, child processes, backups. Knows no run and no kind of work.

1. `settings`      every setting, with default and help; reads the environment, alone
2. `serve`         `make run`: everything on one machine, with `preparation`, `children`, `redis_server`
3. `processes`, `stopping`   a child's life and the wish to stop
4. `backup`, `restore`, `row_copy`   one file with everything, and back
"""
