"""The tests. The cycle collector looks seldom from the first import on, where it had most to do for nothing."""

import gc

gc.set_threshold(100_000, 20, 20)
