"""The templates of papers that ship with the panel, drawn by programs, so that a change can be read."""
