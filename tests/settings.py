"""The settings under test: as installed, without https, in an environment of their own.

`make test DATABASE=d1` names a local gateway in DATABASE_URL; else tests run on SQLite in memory.
"""

import atexit
import os
import shutil
import tempfile

IS_D1 = os.environ.get("DATABASE_URL", "").startswith("d1://127.0.0.1:")
for name in [name for name in os.environ if name.startswith("NDS_") or (name == "DATABASE_URL" and not IS_D1)]:
    del os.environ[name]
FOLDER = tempfile.mkdtemp(prefix="nds-tests-")  # keys and reports of this process
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)
os.environ.update(NDS_DEBUG="true", NDS_HTTPS="false", NDS_LOG_LEVEL="ERROR", NDS_DATA_DIR=FOLDER)

from ndsadmin.settings import *  # noqa: E402, F403

# In memory. Left to itself, pytest-django gives each worker a file in the folder that it was started in.
DATABASES["default"]["TEST"] = {"NAME": "TEST" if IS_D1 else ":memory:"}  # noqa: F405
