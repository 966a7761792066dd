"""What `flask --app app` can do at the server, a module for each command; `every` lists them for app.py."""
