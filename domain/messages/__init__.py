"""What people are told of what others did: in the panel, and by e-mail and a group's robot where those are set.

1. `telling`    one message for each person who is told, made in the transaction of what it tells of
2. `notes`      批示 are told to those who handle the item
3. `hours`      when something may be sent: quiet hours, rest days, how often
4. `mailings`   what is to be sent, as rows: gathered, claimed, settled
5. `overdue`    the office's overdue list in a few lines
"""
