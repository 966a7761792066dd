"""The user's own workbook back, with the cells that could not be imported red and commented.

`marks` asks a limited child process (`__main__`) to do it: the file is somebody's upload, and openpyxl can hang on one.
"""
