"""Tables of the contract: API keys, the audit log, sharing, keys and cases.

Written in dependency order with the foreign keys inside CreateModel: ``makemigrations`` would add them later, which
cannot make the composite keys and would move columns to the end.
"""

import django.db.models.deletion
import security.columns.binary
import security.columns.documents
import security.columns.keys
import security.columns.numbers
import security.columns.texts
import security.columns.times
import security.contract
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('content', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditLog',
            fields=[
                ('log_id', security.columns.texts.Text(default=security.columns.keys.new_key, primary_key=True, serialize=False, verbose_name='id')),
                ('tenant', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='tenants.tenant')),
                ('user', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('action', security.columns.texts.Text()),
                ('resource_type', security.columns.texts.Text(verbose_name="object's kind")),
                ('resource_id', security.columns.texts.Text(blank=True, null=True, verbose_name='object')),
                ('ip_address', security.columns.texts.Text(blank=True, null=True, verbose_name='address')),
                ('user_agent', security.columns.texts.Text(blank=True, null=True, verbose_name='browser')),
                ('request_id', security.columns.texts.Text(blank=True, null=True, verbose_name='request')),
                ('metadata', security.columns.documents.Json(blank=True, null=True, verbose_name='details')),
                ('success', security.columns.numbers.Bool(db_default=True, default=True, null=True)),
                ('error_message', security.columns.texts.LongText(blank=True, null=True, verbose_name='error')),
                ('timestamp', security.columns.times.Time(db_default=security.columns.times.CurrentTimestamp(), default=security.columns.times.now, null=True, verbose_name='time')),
            ],
            options={
                'verbose_name': 'audit entry',
                'verbose_name_plural': 'audit entries',
                'db_table': 'audit_logs',
                'indexes': [security.contract.Index(fields=['tenant', '-timestamp'], name='idx_audit_logs_tenant'), security.contract.Index(fields=['user', '-timestamp'], name='idx_audit_logs_user'), security.contract.Index(fields=['action', '-timestamp'], name='idx_audit_logs_action'), security.contract.Index(fields=['resource_type', 'resource_id'], name='idx_audit_logs_resource'), security.contract.Index(fields=['-timestamp', '-log_id'], name='nds_audit_logs_newest'), security.contract.Index(fields=['request_id'], name='nds_audit_logs_request')],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='AuditSeal',
            fields=[
                ('pk', models.CompositePrimaryKey('origin', 'seq', blank=True, editable=False, primary_key=True, serialize=False)),
                ('origin', security.columns.texts.Text(verbose_name='log')),
                ('seq', security.columns.numbers.Int(verbose_name='place')),
                ('log', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='security.auditlog', verbose_name='entry')),
                ('leaf', security.columns.texts.Text()),
                ('salt', security.columns.texts.Text(blank=True, null=True)),
                ('redacted', security.columns.documents.Json(blank=True, null=True)),
            ],
            options={
                'db_table': 'audit_seals',
                'constraints': [models.UniqueConstraint(fields=('log',), name='audit_seals_log')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='AuditCheckpoint',
            fields=[
                ('pk', models.CompositePrimaryKey('origin', 'tree_size', blank=True, editable=False, primary_key=True, serialize=False)),
                ('origin', security.columns.texts.Text(verbose_name='log')),
                ('tree_size', security.columns.numbers.Int(verbose_name='size')),
                ('prev_size', security.columns.numbers.Int(verbose_name='size before')),
                ('root', security.columns.texts.Text()),
                ('frontier', security.columns.documents.Json()),
                ('note', security.columns.texts.LongText(verbose_name='signed note')),
                ('created_at', security.columns.times.Time(db_default=security.columns.times.CurrentTimestamp(), default=security.columns.times.now, verbose_name='created')),
                ('anchored_at', security.columns.times.Time(blank=True, null=True, verbose_name='anchored')),
                ('anchor_ref', security.columns.texts.Text(blank=True, null=True, verbose_name='anchor')),
            ],
            options={
                'db_table': 'audit_checkpoints',
                'indexes': [security.contract.Index(fields=['-created_at', '-origin', '-tree_size'], name='nds_audit_checkpoints_newest')],
                'constraints': [models.UniqueConstraint(fields=('origin', 'prev_size'), name='audit_checkpoints_prev')],
            },
        ),
        migrations.CreateModel(
            name='ComplianceCase',
            fields=[
                ('case_id', security.columns.texts.Text(default=security.columns.keys.new_key, primary_key=True, serialize=False, verbose_name='id')),
                ('tenant', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='tenants.tenant')),
                ('kind', security.columns.texts.Text(choices=[('access', 'Access'), ('portability', 'Portability'), ('rectification', 'Rectification'), ('restriction', 'Restriction'), ('erasure', 'Erasure'), ('hold', 'Legal hold'), ('breach', 'Breach')])),
                ('subject_ref', security.columns.texts.Text(blank=True, null=True, verbose_name='subject')),
                ('state', security.columns.texts.Text()),
                ('reason_code', security.columns.texts.Text(blank=True, null=True, verbose_name='reason')),
                ('opened_at', security.columns.times.Time(db_default=security.columns.times.CurrentTimestamp(), default=security.columns.times.now, verbose_name='opened')),
                ('aware_at', security.columns.times.Time(blank=True, null=True, verbose_name='known since')),
                ('due_at', security.columns.times.Time(blank=True, null=True, verbose_name='due')),
                ('extended_to', security.columns.times.Time(blank=True, null=True)),
                ('grace_until', security.columns.times.Time(blank=True, null=True)),
                ('requested_by', security.columns.texts.Text(blank=True, null=True)),
                ('decided_by', security.columns.texts.Text(blank=True, null=True)),
                ('approved_by', security.columns.texts.Text(blank=True, null=True)),
                ('notes_encrypted', security.columns.binary.Sealed(blank=True, null=True, verbose_name='notes')),
                ('outcome', security.columns.documents.Json(blank=True, null=True)),
                ('closed_at', security.columns.times.Time(blank=True, null=True, verbose_name='closed')),
            ],
            options={
                'db_table': 'compliance_cases',
                'indexes': [security.contract.Index(fields=['-opened_at', '-case_id'], name='nds_compliance_cases_newest'), security.contract.Index(fields=['tenant', '-opened_at'], name='nds_compliance_cases_tenant')],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='ApiKey',
            fields=[
                ('key_id', security.columns.texts.Text(default=security.columns.keys.new_key, primary_key=True, serialize=False, verbose_name='id')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenants.tenant')),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('key_prefix', security.columns.texts.Text(verbose_name='public part')),
                ('key_hash', security.columns.texts.Hash()),
                ('scopes', security.columns.documents.Json()),
                ('rate_limit_per_hour', security.columns.numbers.Int(db_default=1000, default=1000, null=True, verbose_name='requests an hour')),
                ('last_used_at', security.columns.times.Time(blank=True, null=True, verbose_name='last used')),
                ('use_count', security.columns.numbers.Int(db_default=0, default=0, null=True, verbose_name='uses')),
                ('created_at', security.columns.times.Time(db_default=security.columns.times.CurrentTimestamp(), default=security.columns.times.now, null=True, verbose_name='created')),
                ('expires_at', security.columns.times.Time(blank=True, null=True, verbose_name='expires')),
                ('status', security.columns.texts.Text(choices=[('active', 'Active'), ('revoked', 'Revoked'), ('expired', 'Expired')], db_default='active', default='active', null=True)),
            ],
            options={
                'verbose_name': 'API key',
                'db_table': 'api_keys',
                'indexes': [security.contract.Index(fields=['tenant'], name='idx_api_keys_tenant'), security.contract.Index(fields=['user'], name='idx_api_keys_user'), security.contract.Index(fields=['key_prefix'], name='idx_api_keys_prefix'), security.contract.Index(fields=['status'], name='idx_api_keys_status')],
                'constraints': [models.UniqueConstraint(fields=('key_prefix',), name='api_keys_prefix')],
            },
        ),
        migrations.CreateModel(
            name='TenantKey',
            fields=[
                ('pk', models.CompositePrimaryKey('tenant_id', 'purpose', 'version', blank=True, editable=False, primary_key=True, serialize=False)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenants.tenant')),
                ('purpose', security.columns.texts.Text(choices=[('data', 'Data'), ('index', 'Index')])),
                ('version', security.columns.numbers.Int()),
                ('provider', security.columns.texts.Text(choices=[('local', 'Local keyring'), ('aws', 'AWS KMS')])),
                ('kek_ref', security.columns.texts.Text(verbose_name='wrapped by')),
                ('wrapped_key', security.columns.binary.Sealed()),
                ('state', security.columns.texts.Text(choices=[('active', 'Active'), ('decrypt_only', 'Decrypts only'), ('destroyed', 'Destroyed')])),
                ('created_at', security.columns.times.Time(db_default=security.columns.times.CurrentTimestamp(), default=security.columns.times.now, verbose_name='created')),
                ('rotates_at', security.columns.times.Time(blank=True, null=True, verbose_name='rotates')),
                ('retired_at', security.columns.times.Time(blank=True, null=True, verbose_name='retired')),
                ('destroyed_at', security.columns.times.Time(blank=True, null=True, verbose_name='destroyed')),
            ],
            options={
                'db_table': 'tenant_keys',
                'indexes': [security.contract.Index(fields=['-created_at', '-tenant', '-purpose', '-version'], name='nds_tenant_keys_newest')],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='SharingEvent',
            fields=[
                ('event_id', security.columns.texts.Text(default=security.columns.keys.new_key, primary_key=True, serialize=False, verbose_name='id')),
                ('action', security.columns.texts.Text(choices=[('promote_to_global', 'Promoted to global'), ('fork_skill', 'Forked'), ('retire_skill', 'Retired')])),
                ('actor', security.columns.texts.Text()),
                ('tenant', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='tenants.tenant')),
                ('skill', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='content.skill')),
                ('reason', security.columns.texts.LongText()),
                ('metadata', security.columns.documents.Json(blank=True, null=True, verbose_name='details')),
                ('timestamp', security.columns.times.Time(db_default=security.columns.times.CurrentTimestamp(), default=security.columns.times.now, null=True, verbose_name='time')),
            ],
            options={
                'db_table': 'sharing_events',
                'indexes': [security.contract.Index(fields=['skill', '-timestamp'], name='idx_sharing_events_skill'), security.contract.Index(fields=['action', '-timestamp'], name='idx_sharing_events_action'), security.contract.Index(fields=['-timestamp', '-event_id'], name='nds_sharing_events_newest'), security.contract.Index(fields=['tenant'], name='nds_sharing_events_tenant')],
                'constraints': [],
            },
        ),
    ]
