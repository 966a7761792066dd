"""The check of one flush: `check` asks before and after its statements, of every `change`, whether the actor has
`permission`, and what the rules of saving say. session.py calls it.
"""
