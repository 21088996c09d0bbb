from django.db.backends.sqlite3 import features

from ndsadmin.db.shaping import PARAMETERS


class DatabaseFeatures(features.DatabaseFeatures):
    max_query_params = PARAMETERS
