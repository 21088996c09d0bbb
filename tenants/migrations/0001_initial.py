"""Tables of the contract: tenants, people, brand profiles.

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
import tenants.models.user
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='Tenant',
            fields=[
                ('tenant_id', security.columns.texts.Text(default=security.columns.keys.new_key, primary_key=True, serialize=False, verbose_name='id')),
                ('name', security.columns.texts.Text()),
                ('region', security.columns.texts.Text(choices=[('eu-west', 'EU West'), ('us-east', 'US East'), ('ap-southeast', 'AP Southeast')])),
                ('kms_key_id', security.columns.texts.Text(verbose_name='KMS key')),
                ('tier', security.columns.texts.Text(choices=[('free', 'Free'), ('standard', 'Standard'), ('enterprise', 'Enterprise')], db_default='standard', default='standard', null=True)),
                ('settings', security.columns.documents.Json(blank=True, null=True)),
                ('stripe_customer_id', security.columns.texts.Text(blank=True, null=True, verbose_name='Stripe customer')),
                ('subscription_status', security.columns.texts.Text(choices=[('active', 'Active'), ('canceled', 'Canceled'), ('past_due', 'Past due')], db_default='active', default='active', null=True, verbose_name='subscription')),
                ('created_at', security.columns.times.Time(db_default=security.columns.times.CurrentTimestamp(), default=security.columns.times.now, null=True, verbose_name='created')),
                ('updated_at', security.columns.times.Time(db_default=security.columns.times.CurrentTimestamp(), default=security.columns.times.now, null=True, verbose_name='updated')),
                ('status', security.columns.texts.Text(choices=[('active', 'Active'), ('suspended', 'Suspended'), ('deleted', 'Deleted')], db_default='active', default='active', null=True)),
            ],
            options={
                'db_table': 'tenants',
                'indexes': [security.contract.Index(fields=['region'], name='idx_tenants_region'), security.contract.Index(fields=['status'], name='idx_tenants_status'), security.contract.Index(condition=models.Q(('stripe_customer_id__isnull', False)), fields=['stripe_customer_id'], name='idx_tenants_stripe')],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='BrandProfile',
            fields=[
                ('tenant', models.OneToOneField(db_index=False, on_delete=django.db.models.deletion.PROTECT, primary_key=True, serialize=False, to='tenants.tenant')),
                ('embeddings', security.columns.binary.Sealed()),
                ('palette', security.columns.documents.Json()),
                ('typography', security.columns.documents.Json()),
                ('logo_rules', security.columns.documents.Json()),
                ('tone_vectors', security.columns.binary.Sealed(blank=True, null=True)),
                ('lexicon', security.columns.documents.Json(blank=True, null=True)),
                ('messaging', security.columns.documents.Json(blank=True, null=True)),
                ('kms_key_id', security.columns.texts.Text(verbose_name='KMS key')),
                ('encryption_version', security.columns.numbers.Int(db_default=1, default=1, null=True)),
                ('updated_at', security.columns.times.Time(db_default=security.columns.times.CurrentTimestamp(), default=security.columns.times.now, null=True, verbose_name='updated')),
            ],
            options={
                'db_table': 'brand_profiles',
                'indexes': [security.contract.Index(fields=['tenant'], name='idx_brand_profiles_tenant')],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('user_id', security.columns.texts.Text(default=security.columns.keys.new_key, primary_key=True, serialize=False, verbose_name='id')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenants.tenant')),
                ('email', security.columns.texts.Text(verbose_name='e-mail')),
                ('password', tenants.models.user.PasswordHash(db_column='password_hash')),
                ('full_name', security.columns.texts.Text(blank=True, null=True, verbose_name='name')),
                ('role', security.columns.texts.Text(choices=[('owner', 'Owner'), ('admin', 'Admin'), ('member', 'Member'), ('viewer', 'Viewer')], db_default='member', default='member')),
                ('oauth_provider', security.columns.texts.Text(blank=True, choices=[('google', 'Google'), ('microsoft', 'Microsoft')], null=True, verbose_name='signs in with')),
                ('oauth_sub', security.columns.texts.Text(blank=True, null=True, verbose_name='subject at the provider')),
                ('mfa_enabled', security.columns.numbers.Bool(db_default=False, default=False, null=True, verbose_name='second factor')),
                ('mfa_secret', security.columns.texts.SealedText(blank=True, null=True, verbose_name="second factor's secret")),
                ('created_at', security.columns.times.Time(db_default=security.columns.times.CurrentTimestamp(), default=security.columns.times.now, null=True, verbose_name='created')),
                ('updated_at', security.columns.times.Time(db_default=security.columns.times.CurrentTimestamp(), default=security.columns.times.now, null=True, verbose_name='updated')),
                ('last_login_at', security.columns.times.Time(blank=True, null=True, verbose_name='last sign-in')),
                ('status', security.columns.texts.Text(choices=[('active', 'Active'), ('suspended', 'Suspended'), ('deleted', 'Deleted')], db_default='active', default='active', null=True)),
                ('groups', models.ManyToManyField(blank=True, db_table='user_groups', to='auth.group')),
            ],
            options={
                'verbose_name': 'person',
                'verbose_name_plural': 'people',
                'db_table': 'users',
                'indexes': [security.contract.Index(fields=['tenant'], name='idx_users_tenant'), security.contract.Index(fields=['email'], name='idx_users_email'), security.contract.Index(condition=models.Q(('oauth_provider__isnull', False)), fields=['oauth_provider', 'oauth_sub'], name='idx_users_oauth'), security.contract.Index(fields=['tenant', 'status'], name='idx_users_tenant_status')],
                'constraints': [models.UniqueConstraint(fields=('tenant', 'email'), name='users_tenant_email')],
            },
        ),
    ]
