"""The settings under test: as installed, without https, in an environment of their own."""

import os

for name in [name for name in os.environ if name.startswith("NDS_") or name == "DATABASE_URL"]:
    del os.environ[name]
os.environ.update(NDS_DEBUG="true", NDS_HTTPS="false", NDS_LOG_LEVEL="ERROR")

from ndsadmin.settings import *  # noqa: E402, F403

# In memory. Left to itself, pytest-django gives each worker a file in the folder that it was started in.
DATABASES["default"]["TEST"] = {"NAME": ":memory:"}  # noqa: F405
