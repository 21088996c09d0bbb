"""Everything that an audit entry can say happened, named as the workers name theirs: verb and object."""

from enum import StrEnum


class Action(StrEnum):
    LOGIN = "login"  # also the refused ones, as not successful
    LOGOUT = "logout"
    CREATE_TENANT = "create_tenant"
    UPDATE_TENANT = "update_tenant"
    CREATE_USER = "create_user"
    UPDATE_USER = "update_user"
    INVITE_USER = "invite_user"
    WITHDRAW_INVITATION = "withdraw_invitation"
    ACCEPT_INVITATION = "accept_invitation"
    CHANGE_ROLE = "change_role"
    SUSPEND_USER = "suspend_user"
    REACTIVATE_USER = "reactivate_user"
    DELETE_USER = "delete_user"
    TRANSFER_OWNERSHIP = "transfer_ownership"
    END_SESSIONS = "end_sessions"
    CHANGE_PASSWORD = "change_password"  # noqa: S105  # a name
    REQUEST_PASSWORD_RESET = "request_password_reset"  # noqa: S105
    RESET_PASSWORD = "reset_password"  # noqa: S105
    REQUEST_EMAIL_CHANGE = "request_email_change"
    CHANGE_EMAIL = "change_email"
    GRANT_ACCESS = "grant_access"
    REVOKE_ACCESS = "revoke_access"
    LOOK_AS = "look_as"
    STOP_LOOKING = "stop_looking"
    UPDATE_SKILL = "update_skill"
    FORK_SKILL = "fork_skill"
    RETIRE_SKILL = "retire_skill"
    ROLL_BACK_SKILL = "roll_back_skill"
    CREATE_SKILL_VERSION = "create_skill_version"
    ACTIVATE_SKILL_VERSION = "activate_skill_version"
    PROPOSE_PROMOTION = "propose_promotion"
    REFUSE_PROMOTION = "refuse_promotion"
    WITHDRAW_PROMOTION = "withdraw_promotion"
    PROMOTE_SKILL = "promote_skill"
    CREATE_CONTENT_TEMPLATE = "create_content_template"
    UPDATE_CONTENT_TEMPLATE = "update_content_template"
    CREATE_POST_CONFIGURATION = "create_post_configuration"
    UPDATE_POST_CONFIGURATION = "update_post_configuration"
    CREATE_BRAND_KNOWLEDGE_ENTRY = "create_brand_knowledge_entry"
    UPDATE_BRAND_KNOWLEDGE_ENTRY = "update_brand_knowledge_entry"
    UPDATE_ANALYTICS_SYNC_ERROR = "update_analytics_sync_error"
    UPDATE_PREFERENCE = "update_preference"
    CREATE_BRAND_PROFILE = "create_brand_profile"
    UPDATE_BRAND_PROFILE = "update_brand_profile"
    CREATE_TENANT_KEY = "create_tenant_key"
    ROTATE_KEYS = "rotate_keys"
    REENCRYPT_ROWS = "reencrypt_rows"
    PROPOSE_KEY_DESTRUCTION = "propose_key_destruction"
    WITHDRAW_KEY_DESTRUCTION = "withdraw_key_destruction"
    DESTROY_KEYS = "destroy_keys"
    UNWRAP_KEY = "unwrap_key"
    REPLACE_TOKEN = "replace_token"  # noqa: S105  # a name
    REVOKE_TOKEN = "revoke_token"  # noqa: S105
    REVEAL_TOKEN = "reveal_token"  # noqa: S105
    READ_TENANT = "read_tenant"  # by people of the platform
    READ_USER = "read_user"
    READ_BRAND_PROFILE = "read_brand_profile"
    READ_SOCIAL_ACCOUNT = "read_social_account"
    READ_AUDIT_LOG = "read_audit_log"
    READ_SKILL_METRICS = "read_skill_metrics"  # by people of the platform, with what tenants are not shown
    SAVE_AUDIT_VIEW = "save_audit_view"
    DELETE_AUDIT_VIEW = "delete_audit_view"
    SIGN_OFF_PERIOD = "sign_off_period"
    ACKNOWLEDGE_ENTRY = "acknowledge_entry"
    OPEN_COMPLIANCE_CASE = "open_compliance_case"
    DENY_ACCESS = "deny_access"
    CROSS_TENANTS = "cross_tenants"
    ENTER_TENANT = "enter_tenant"
    LEAVE_TENANT = "leave_tenant"
    EXPORT_ROWS = "export_rows"
    ROLL_UP_METRICS = "roll_up_metrics"
    PUBLISH_METRICS = "publish_metrics"
    CREATE_DEMO = "create_demo"
    NORMALISE_TIMES = "normalise_times"
    IMPORT_DATABASE = "import_database"
    LOAD_FIXTURES = "load_fixtures"


TELLING_OF_NO_CHANGE = frozenset({
    Action.CROSS_TENANTS,
    Action.EXPORT_ROWS,
    Action.UNWRAP_KEY,
    Action.REVEAL_TOKEN,
    Action.READ_TENANT,
    Action.READ_USER,
    Action.READ_BRAND_PROFILE,
    Action.READ_SOCIAL_ACCOUNT,
    Action.READ_AUDIT_LOG,
    Action.READ_SKILL_METRICS,
    Action.DENY_ACCESS,
})  # fmt: skip
"""Actions whose entry does not stand for a change: `security.witness` asks for another."""
