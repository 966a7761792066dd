"""The screens: generated views of every table, the few special ones, templates, styles and scripts."""
