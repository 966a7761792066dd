"""What stands around and before every page: the request's `edge` and `db`, `security`, `faults`, the `frame` itself.

Knows no table. What other rooms put into the frame they hand in when they start (`frame.FrameParts`).
"""
