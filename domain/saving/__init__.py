"""What must hold at a save, whatever the door: a file for each rule. domain/rules_of_saving.py lists them.

A rule knows rows as they were and as they become (domain/storing/write_rules.py), not the door by which they come;
where it holds for what is typed alone, or not for acts, its `is_asked` says so.
"""
