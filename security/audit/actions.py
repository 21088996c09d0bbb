"""Everything that an audit entry can say happened, named as the workers name theirs: verb and object."""

from enum import StrEnum


class Action(StrEnum):
    LOGIN = "login"  # also the refused ones, as not successful
    LOGOUT = "logout"
    CREATE_TENANT = "create_tenant"
    UPDATE_TENANT = "update_tenant"
    CREATE_USER = "create_user"
    UPDATE_USER = "update_user"
    UPDATE_SKILL = "update_skill"
    CREATE_CONTENT_TEMPLATE = "create_content_template"
    UPDATE_CONTENT_TEMPLATE = "update_content_template"
    CREATE_POST_CONFIGURATION = "create_post_configuration"
    UPDATE_POST_CONFIGURATION = "update_post_configuration"
    CREATE_BRAND_KNOWLEDGE_ENTRY = "create_brand_knowledge_entry"
    UPDATE_BRAND_KNOWLEDGE_ENTRY = "update_brand_knowledge_entry"
    UPDATE_ANALYTICS_SYNC_ERROR = "update_analytics_sync_error"
    UPDATE_PREFERENCE = "update_preference"
    CROSS_TENANTS = "cross_tenants"
    ENTER_TENANT = "enter_tenant"
    LEAVE_TENANT = "leave_tenant"
    EXPORT_ROWS = "export_rows"
    ROLL_UP_METRICS = "roll_up_metrics"
    CREATE_DEMO = "create_demo"
    NORMALISE_TIMES = "normalise_times"
    IMPORT_DATABASE = "import_database"
