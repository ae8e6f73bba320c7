"""The web server's entrance."""

import os

from django.core.wsgi import get_wsgi_application

from housing_credit import garbage
from housing_credit.embedded import ensure_running

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "housing_credit.settings")
ensure_running()
application = get_wsgi_application()
garbage.look_less_often()
