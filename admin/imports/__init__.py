"""Importing on the screen: drop a file, look at every row, correct, confirm, take back."""
