"""The truth about background work: `runs`, the rows of job_runs and every step one may take; `context`, what a job
function is given. Not the work itself (work/), not who carries it out (queue/).
"""
