"""Settings for Django's tests: two databases of the local gateway, or SQLite in memory to compare with."""

import os

if "D1_HOST" in os.environ:
    DATABASES = {
        alias: {
            "ENGINE": "tests.conformance.backend",
            "HOST": os.environ["D1_HOST"],
            "NAME": f"UNUSED_{name}",
            "PASSWORD": os.environ["D1_TOKEN"],
            "TEST": {"NAME": name},
        }
        for alias, name in (("default", os.environ["D1_ONE"]), ("other", os.environ["D1_TWO"]))
    }
else:
    DATABASES = {alias: {"ENGINE": "django.db.backends.sqlite3"} for alias in ("default", "other")}
SECRET_KEY = "of Django's tests"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
USE_TZ = False
