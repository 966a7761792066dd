"""The demo district: made-up people and about seventy items in every state, relative to a given day.

The texts are in the .csv files of this folder; the code only arranges them. Same day, same data.
"""
