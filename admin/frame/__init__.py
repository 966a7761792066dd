"""What stands around and before every page: the request's `edge` and `db`, `security`, `faults`, the `frame` itself.
`page_view` is what every view derives from; `keys`, `links`, `safe_next` are about addresses.

Knows no screen of a table. What other rooms put into the frame they hand in when they start (`frame.FrameParts`).
"""
