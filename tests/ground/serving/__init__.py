"""Real servers and databases for the tests: started once, filled once, put back in place for every test."""
