"""Of Flask-Admin's themes what the panel names."""

class Theme:
    def __init__(self, folder: str, base_template: str) -> None: ...
