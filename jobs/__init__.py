"""Background work: imports, the nightly check, exports, and the processes that run them.

Above domain/ and below admin/: nothing here knows a screen.
"""
