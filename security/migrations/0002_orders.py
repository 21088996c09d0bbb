"""Orders of lists, with an index each."""

import security.columns.places
import security.contract
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('content', '0002_orders'),
        ('security', '0001_initial'),
        ('tenants', '0002_orders'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='auditcheckpoint',
            name='nds_audit_checkpoints_newest',
        ),
        migrations.RemoveIndex(
            model_name='auditlog',
            name='nds_audit_logs_newest',
        ),
        migrations.RemoveIndex(
            model_name='auditlog',
            name='nds_audit_logs_request',
        ),
        migrations.RemoveIndex(
            model_name='compliancecase',
            name='nds_compliance_cases_newest',
        ),
        migrations.RemoveIndex(
            model_name='compliancecase',
            name='nds_compliance_cases_tenant',
        ),
        migrations.RemoveIndex(
            model_name='sharingevent',
            name='nds_sharing_events_newest',
        ),
        migrations.RemoveIndex(
            model_name='sharingevent',
            name='nds_sharing_events_tenant',
        ),
        migrations.RemoveIndex(
            model_name='tenantkey',
            name='nds_tenant_keys_newest',
        ),
        migrations.AddIndex(
            model_name='apikey',
            index=security.contract.Index(models.OrderBy(security.columns.places.Place(security.columns.places.Moment('created_at'), 'key_id'), descending=True), name='nds_api_keys_by_created_at'),
        ),
        migrations.AddIndex(
            model_name='apikey',
            index=security.contract.Index(models.F('tenant'), models.OrderBy(security.columns.places.Place(security.columns.places.Moment('created_at'), 'key_id'), descending=True), name='nds_api_keys_by_created_at_in_tenant'),
        ),
        migrations.AddIndex(
            model_name='apikey',
            index=security.contract.Index(models.F('user'), models.OrderBy(security.columns.places.Place(security.columns.places.Moment('created_at'), 'key_id'), descending=True), name='nds_api_keys_by_created_at_in_user'),
        ),
        migrations.AddIndex(
            model_name='apikey',
            index=security.contract.Index(models.OrderBy(security.columns.places.Place(security.columns.places.Moment('last_used_at'), 'key_id'), descending=True), name='nds_api_keys_by_last_used_at'),
        ),
        migrations.AddIndex(
            model_name='apikey',
            index=security.contract.Index(models.F('tenant'), models.OrderBy(security.columns.places.Place(security.columns.places.Moment('last_used_at'), 'key_id'), descending=True), name='nds_api_keys_by_last_used_at_in_tenant'),
        ),
        migrations.AddIndex(
            model_name='auditcheckpoint',
            index=security.contract.Index(models.OrderBy(security.columns.places.Place(security.columns.places.Moment('created_at'), 'origin', 'tree_size'), descending=True), name='nds_audit_checkpoints_by_created_at'),
        ),
        migrations.AddIndex(
            model_name='auditcheckpoint',
            index=security.contract.Index(models.F('origin'), models.OrderBy(security.columns.places.Place(security.columns.places.Moment('created_at'), 'origin', 'tree_size'), descending=True), name='nds_audit_checkpoints_by_created_at_in_origin'),
        ),
        migrations.AddIndex(
            model_name='auditlog',
            index=security.contract.Index(models.OrderBy(security.columns.places.Place(security.columns.places.Moment('timestamp'), 'log_id'), descending=True), name='nds_audit_logs_by_timestamp'),
        ),
        migrations.AddIndex(
            model_name='auditlog',
            index=security.contract.Index(models.F('tenant'), models.OrderBy(security.columns.places.Place(security.columns.places.Moment('timestamp'), 'log_id'), descending=True), name='nds_audit_logs_by_timestamp_in_tenant'),
        ),
        migrations.AddIndex(
            model_name='auditlog',
            index=security.contract.Index(models.F('user'), models.OrderBy(security.columns.places.Place(security.columns.places.Moment('timestamp'), 'log_id'), descending=True), name='nds_audit_logs_by_timestamp_in_user'),
        ),
        migrations.AddIndex(
            model_name='auditlog',
            index=security.contract.Index(models.F('action'), models.OrderBy(security.columns.places.Place(security.columns.places.Moment('timestamp'), 'log_id'), descending=True), name='nds_audit_logs_by_timestamp_in_action'),
        ),
        migrations.AddIndex(
            model_name='auditlog',
            index=security.contract.Index(models.F('resource_id'), models.OrderBy(security.columns.places.Place(security.columns.places.Moment('timestamp'), 'log_id'), descending=True), name='nds_audit_logs_by_timestamp_in_resource_id'),
        ),
        migrations.AddIndex(
            model_name='auditlog',
            index=security.contract.Index(models.F('request_id'), models.OrderBy(security.columns.places.Place(security.columns.places.Moment('timestamp'), 'log_id'), descending=True), name='nds_audit_logs_by_timestamp_in_request_id'),
        ),
        migrations.AddIndex(
            model_name='auditlog',
            index=security.contract.Index(models.F('success'), models.OrderBy(security.columns.places.Place(security.columns.places.Moment('timestamp'), 'log_id'), descending=True), condition=models.Q(('success', False)), name='nds_audit_logs_by_timestamp_refused'),
        ),
        migrations.AddIndex(
            model_name='auditseal',
            index=security.contract.Index(models.OrderBy(security.columns.places.Place(security.columns.places.Plain('origin'), security.columns.places.Amount('seq')), descending=True), name='nds_audit_seals_by_origin'),
        ),
        migrations.AddIndex(
            model_name='auditseal',
            index=security.contract.Index(models.F('origin'), models.OrderBy(security.columns.places.Place(security.columns.places.Plain('origin'), security.columns.places.Amount('seq')), descending=True), name='nds_audit_seals_by_origin_in_origin'),
        ),
        migrations.AddIndex(
            model_name='compliancecase',
            index=security.contract.Index(models.OrderBy(security.columns.places.Place(security.columns.places.Moment('opened_at'), 'case_id'), descending=True), name='nds_compliance_cases_by_opened_at'),
        ),
        migrations.AddIndex(
            model_name='compliancecase',
            index=security.contract.Index(models.F('tenant'), models.OrderBy(security.columns.places.Place(security.columns.places.Moment('opened_at'), 'case_id'), descending=True), name='nds_compliance_cases_by_opened_at_in_tenant'),
        ),
        migrations.AddIndex(
            model_name='compliancecase',
            index=security.contract.Index(models.OrderBy(security.columns.places.Place(security.columns.places.Moment('due_at'), 'case_id'), descending=True), name='nds_compliance_cases_by_due_at'),
        ),
        migrations.AddIndex(
            model_name='compliancecase',
            index=security.contract.Index(models.F('tenant'), models.OrderBy(security.columns.places.Place(security.columns.places.Moment('due_at'), 'case_id'), descending=True), name='nds_compliance_cases_by_due_at_in_tenant'),
        ),
        migrations.AddIndex(
            model_name='sharingevent',
            index=security.contract.Index(models.OrderBy(security.columns.places.Place(security.columns.places.Moment('timestamp'), 'event_id'), descending=True), name='nds_sharing_events_by_timestamp'),
        ),
        migrations.AddIndex(
            model_name='sharingevent',
            index=security.contract.Index(models.F('tenant'), models.OrderBy(security.columns.places.Place(security.columns.places.Moment('timestamp'), 'event_id'), descending=True), name='nds_sharing_events_by_timestamp_in_tenant'),
        ),
        migrations.AddIndex(
            model_name='sharingevent',
            index=security.contract.Index(models.F('skill'), models.OrderBy(security.columns.places.Place(security.columns.places.Moment('timestamp'), 'event_id'), descending=True), name='nds_sharing_events_by_timestamp_in_skill'),
        ),
        migrations.AddIndex(
            model_name='tenantkey',
            index=security.contract.Index(models.OrderBy(security.columns.places.Place(security.columns.places.Moment('created_at'), 'tenant', 'purpose', 'version'), descending=True), name='nds_tenant_keys_by_created_at'),
        ),
        migrations.AddIndex(
            model_name='tenantkey',
            index=security.contract.Index(models.F('tenant'), models.OrderBy(security.columns.places.Place(security.columns.places.Moment('created_at'), 'tenant', 'purpose', 'version'), descending=True), name='nds_tenant_keys_by_created_at_in_tenant'),
        ),
        migrations.AddIndex(
            model_name='tenantkey',
            index=security.contract.Index(models.OrderBy(security.columns.places.Place(security.columns.places.Moment('rotates_at'), 'tenant', 'purpose', 'version'), descending=True), name='nds_tenant_keys_by_rotates_at'),
        ),
        migrations.AddIndex(
            model_name='tenantkey',
            index=security.contract.Index(models.F('tenant'), models.OrderBy(security.columns.places.Place(security.columns.places.Moment('rotates_at'), 'tenant', 'purpose', 'version'), descending=True), name='nds_tenant_keys_by_rotates_at_in_tenant'),
        ),
    ]
