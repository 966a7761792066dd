"""One reader per kind of file: `read(path) -> list[Grid]`. Runs only in the limited child process.

Readers give what stands in the file; they know nothing of headers, units or numbers.
"""
