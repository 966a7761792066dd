"""Measurements: the panel beside Django admin's import-export, and beside itself at another size.

Not a test: nothing here fails because something is slow. README.md says what is measured, and how fairly.
"""
