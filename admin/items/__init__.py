"""One page for one item: what everybody has done with it, and who is to do what next."""
