"""Files that people hang on records."""
