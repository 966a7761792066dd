"""Who carries work out, and when: the `kinds` there are, `waking` through Redis, the `worker`, one run's `execution`,
the `schedule`. Redis only wakes; the truth is in jobs/runs.
"""
