import django.db.models.deletion
import security.columns.keys
import security.columns.texts
import security.columns.times
import security.contract
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Invitations, changes of addresses, and single grants."""

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('tenants', '0002_orders'),
    ]

    operations = [
        migrations.CreateModel(
            name='EmailChange',
            fields=[
                ('user', models.OneToOneField(db_index=False, on_delete=django.db.models.deletion.CASCADE, primary_key=True, serialize=False, to=settings.AUTH_USER_MODEL)),
                ('old_email', security.columns.texts.Text(verbose_name='old address')),
                ('new_email', security.columns.texts.Text(verbose_name='new address')),
                ('old_token', security.columns.texts.Hash(null=True, verbose_name='token of the old address')),
                ('new_token', security.columns.texts.Hash(null=True, verbose_name='token of the new address')),
                ('expires_at', security.columns.times.Time(verbose_name='expires')),
            ],
            options={
                'db_table': 'nds_email_changes',
            },
        ),
        migrations.CreateModel(
            name='Grant',
            fields=[
                ('grant_id', security.columns.texts.Text(default=security.columns.keys.new_key, primary_key=True, serialize=False, verbose_name='id')),
                ('object_pk', security.columns.texts.Text(verbose_name='row')),
                ('kind', security.columns.texts.Text()),
                ('expires_at', security.columns.times.Time(null=True, verbose_name='until')),
                ('reason', security.columns.texts.LongText()),
                ('granted_by', security.columns.texts.Text(verbose_name='granted by')),
                ('granted_at', security.columns.times.Time(db_default=security.columns.times.CurrentTimestamp(), default=security.columns.times.now, verbose_name='granted')),
                ('content_type', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, to='contenttypes.contenttype')),
                ('permission', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenants.tenant')),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'nds_grants',
                'abstract': False,
                'indexes': [models.Index(fields=['user', 'kind'], name='nds_grants_by_person'), models.Index(fields=['kind', 'object_pk'], name='nds_grants_by_row')],
                'unique_together': set(),
                'constraints': [models.UniqueConstraint(fields=('user', 'permission', 'object_pk'), name='nds_grants_once')],
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('invitation_id', security.columns.texts.Text(default=security.columns.keys.new_key, primary_key=True, serialize=False, verbose_name='id')),
                ('email', security.columns.texts.Text(verbose_name='e-mail')),
                ('role', security.columns.texts.Text(choices=[('owner', 'Owner'), ('admin', 'Admin'), ('member', 'Member'), ('viewer', 'Viewer')])),
                ('token_hash', security.columns.texts.Hash(verbose_name='token')),
                ('invited_by', security.columns.texts.Text(verbose_name='invited by')),
                ('invited_at', security.columns.times.Time(db_default=security.columns.times.CurrentTimestamp(), default=security.columns.times.now, verbose_name='invited')),
                ('expires_at', security.columns.times.Time(verbose_name='expires')),
                ('state', security.columns.texts.Text(choices=[('open', 'Open'), ('accepted', 'Accepted'), ('withdrawn', 'Withdrawn')], default='open')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenants.tenant')),
            ],
            options={
                'db_table': 'nds_invitations',
                'indexes': [security.contract.Index(fields=['token_hash'], name='nds_invitations_token')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('tenant', 'email'), name='nds_invitations_open')],
            },
        ),
    ]
