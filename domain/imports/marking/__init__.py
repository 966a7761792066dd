"""The user's own workbook back: cells that could not be imported red, corrected ones blue, each with a comment.

`marks` asks a limited child process (`__main__`) to do it: the file is somebody's upload, and openpyxl can hang on one;
`turn` lets one be marked at a time. `beside` draws the sentences in a column of their own.
"""
