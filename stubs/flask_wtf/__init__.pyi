"""Of Flask-WTF 1.3.0 what the panel uses: the CSRF tokens. It ships no types."""

from flask_wtf.csrf import CSRFProtect as CSRFProtect
