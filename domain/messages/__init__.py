"""What people are told of what others did: in the panel, and by e-mail where that is set.

1. `telling`   one message for each person who is told, made in the transaction of what it tells of
2. `notes`     批示 are told to those who handle the item
"""
