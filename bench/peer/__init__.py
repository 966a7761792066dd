"""The same job done with Django's ORM and django-import-export. Runs in bench/.venv; imports nothing of the panel."""
