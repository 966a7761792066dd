"""Templates compiled once per test process: many tests build an app of their own, and all show the same pages."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket


class _Remembered(BytecodeCache):
    """Compiled templates in memory; Jinja checks each against its source."""

    def __init__(self) -> None:
        self.compiled: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.compiled:
            bucket.bytecode_from_string(self.compiled[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.compiled[bucket.key] = bucket.bytecode_to_string()


@contextmanager
def compiled_once() -> Iterator[None]:
    """Inside, apps share what Jinja makes of the templates."""
    before = Flask.jinja_options
    Flask.jinja_options = {**before, "bytecode_cache": _Remembered()}
    yield
    Flask.jinja_options = before
