import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ndsadmin.settings")

application = get_wsgi_application()

from security.services.upkeep import check_upkeep  # noqa: E402  # models are there only now

check_upkeep()
