"""How the tests are shared out: by recorded durations, between processes, and between the check and `make prove`."""
