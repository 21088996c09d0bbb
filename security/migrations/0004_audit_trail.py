import django.db.models.deletion
import security.columns.keys
import security.columns.numbers
import security.columns.places
import security.columns.texts
import security.columns.times
import security.contract
from django.conf import settings
from django.db import migrations, models


def keep(apps, editor):
    from security.services.upkeep import put_up

    put_up()


class Migration(migrations.Migration):
    """Triggers that keep the audit log, its days and words, and what is remembered about reading it."""

    dependencies = [
        ('security', '0003_sessions'),
        ('tenants', '0002_orders'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditDay',
            fields=[
                ('pk', models.CompositePrimaryKey('tenant_id', 'day', 'action', blank=True, editable=False, primary_key=True, serialize=False)),
                ('tenant_id', security.columns.texts.Text(verbose_name='tenant')),
                ('day', security.columns.texts.Text()),
                ('action', security.columns.texts.Text()),
                ('entries', security.columns.numbers.Int()),
                ('refused', security.columns.numbers.Int()),
            ],
            options={
                'db_table': 'nds_audit_days',
                'indexes': [security.contract.Index(fields=['day', 'tenant_id', 'action', 'entries', 'refused'], name='nds_audit_days_by_day')],
            },
        ),
        migrations.CreateModel(
            name='AuditFinding',
            fields=[
                ('log_id', security.columns.texts.Text(primary_key=True, serialize=False, verbose_name='entry')),
                ('outcome', security.columns.texts.Text(choices=[('acknowledged', 'Acknowledged'), ('case', 'Made a case')])),
                ('note', security.columns.texts.LongText()),
                ('case_id', security.columns.texts.Text(null=True, verbose_name='case')),
                ('reviewer_id', security.columns.texts.Text(verbose_name='reviewer')),
                ('reviewed_at', security.columns.times.Time(db_default=security.columns.times.CurrentTimestamp(), default=security.columns.times.now, verbose_name='reviewed')),
            ],
            options={
                'db_table': 'nds_audit_findings',
            },
        ),
        migrations.CreateModel(
            name='AuditReview',
            fields=[
                ('review_id', security.columns.texts.Text(default=security.columns.keys.new_key, primary_key=True, serialize=False, verbose_name='id')),
                ('tenant_id', security.columns.texts.Text(verbose_name='tenant')),
                ('first_day', security.columns.times.Date(verbose_name='from')),
                ('last_day', security.columns.times.Date(verbose_name='to')),
                ('entries', security.columns.numbers.Int()),
                ('note', security.columns.texts.LongText()),
                ('reviewer_id', security.columns.texts.Text(verbose_name='reviewer')),
                ('reviewed_at', security.columns.times.Time(db_default=security.columns.times.CurrentTimestamp(), default=security.columns.times.now, verbose_name='reviewed')),
            ],
            options={
                'db_table': 'nds_audit_reviews',
                'constraints': [models.UniqueConstraint(fields=('tenant_id', 'first_day', 'last_day'), name='nds_audit_reviews_period')],
            },
        ),
        migrations.CreateModel(
            name='AuditView',
            fields=[
                ('view_id', security.columns.texts.Text(default=security.columns.keys.new_key, primary_key=True, serialize=False, verbose_name='id')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to='tenants.tenant')),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
                ('name', security.columns.texts.Text()),
                ('query', security.columns.texts.Text()),
                ('is_shared', security.columns.numbers.Bool(default=False)),
                ('created_at', security.columns.times.Time(db_default=security.columns.times.CurrentTimestamp(), default=security.columns.times.now, verbose_name='created')),
            ],
            options={
                'db_table': 'nds_audit_views',
                'constraints': [models.UniqueConstraint(fields=('tenant', 'user', 'name'), name='nds_audit_views_name')],
            },
        ),
        migrations.AddIndex(
            model_name='auditlog',
            index=security.contract.Index(models.F('tenant'), models.F('action'), models.OrderBy(security.columns.places.Place(security.columns.places.Moment('timestamp'), 'log_id'), descending=True), name='nds_audit_logs_by_timestamp_in_tenant_action'),
        ),
        migrations.RunPython(keep, migrations.RunPython.noop),
    ]
