"""The WSGI entry: `gunicorn wsgi:app`, `flask --app wsgi …`."""

import sys

from lotsen.app import create_app
from lotsen.config import ConfigError, load

try:
    app = create_app(load())
except ConfigError as error:
    sys.exit(f"Lotsen does not start:\n{error}")
