"""The panel's side of the measurements; runs in the panel's own environment."""
