"""Tables of the contract: accounts, posts, limits.

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
            name='SocialAccount',
            fields=[
                ('account_id', security.columns.texts.Text(default=security.columns.keys.new_key, primary_key=True, serialize=False, verbose_name='id')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenants.tenant')),
                ('platform', security.columns.texts.Text(choices=[('linkedin', 'LinkedIn'), ('twitter', 'Twitter'), ('facebook', 'Facebook'), ('instagram', 'Instagram')])),
                ('platform_user_id', security.columns.texts.Text(verbose_name='id at the platform')),
                ('account_name', security.columns.texts.Text(blank=True, null=True, verbose_name='name')),
                ('account_handle', security.columns.texts.Text(blank=True, null=True, verbose_name='handle')),
                ('access_token_encrypted', security.columns.binary.Sealed(verbose_name='access token')),
                ('refresh_token_encrypted', security.columns.binary.Sealed(blank=True, null=True, verbose_name='refresh token')),
                ('expires_at', security.columns.times.Time(blank=True, null=True, verbose_name='token expires')),
                ('refresh_token_expires_at', security.columns.times.Time(blank=True, null=True, verbose_name='refresh token expires')),
                ('scopes', security.columns.texts.Text(blank=True, null=True)),
                ('status', security.columns.texts.Text(choices=[('active', 'Active'), ('expired', 'Expired'), ('revoked', 'Revoked'), ('error', 'Error')], db_default='active', default='active', null=True)),
                ('last_used_at', security.columns.times.Time(blank=True, null=True, verbose_name='last used')),
                ('last_refresh_at', security.columns.times.Time(blank=True, null=True, verbose_name='last refreshed')),
                ('error_count', security.columns.numbers.Int(db_default=0, default=0, null=True, verbose_name='failures in a row')),
                ('last_error', security.columns.texts.LongText(blank=True, null=True)),
                ('created_at', security.columns.times.Time(db_default=security.columns.times.CurrentTimestamp(), default=security.columns.times.now, null=True, verbose_name='created')),
                ('updated_at', security.columns.times.Time(db_default=security.columns.times.CurrentTimestamp(), default=security.columns.times.now, null=True, verbose_name='updated')),
            ],
            options={
                'db_table': 'social_accounts',
                'indexes': [security.contract.Index(fields=['tenant'], name='idx_social_accounts_tenant'), security.contract.Index(fields=['platform', 'status'], name='idx_social_accounts_platform'), security.contract.Index(condition=models.Q(('status', 'active')), fields=['expires_at'], name='idx_social_accounts_expires')],
                'constraints': [models.UniqueConstraint(fields=('tenant', 'platform', 'platform_user_id'), name='social_accounts_identity')],
            },
        ),
        migrations.CreateModel(
            name='RateLimit',
            fields=[
                ('pk', models.CompositePrimaryKey('tenant_id', 'platform', 'window_start', blank=True, editable=False, primary_key=True, serialize=False)),
                ('tenant', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenants.tenant')),
                ('platform', security.columns.texts.Text(choices=[('linkedin', 'LinkedIn'), ('twitter', 'Twitter'), ('facebook', 'Facebook'), ('instagram', 'Instagram')])),
                ('window_start', security.columns.times.Time(verbose_name='window')),
                ('request_count', security.columns.numbers.Int(db_default=0, default=0, null=True, verbose_name='requests')),
            ],
            options={
                'db_table': 'rate_limits',
                'indexes': [security.contract.Index(fields=['window_start'], name='idx_rate_limits_window'), security.contract.Index(fields=['-window_start', '-tenant', '-platform'], name='nds_rate_limits_newest')],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='PublishedPost',
            fields=[
                ('post_id', security.columns.texts.Text(default=security.columns.keys.new_key, primary_key=True, serialize=False, verbose_name='id')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenants.tenant')),
                ('content', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='content.generatedcontent')),
                ('platform', security.columns.texts.Text(choices=[('linkedin', 'LinkedIn'), ('twitter', 'Twitter'), ('facebook', 'Facebook'), ('instagram', 'Instagram')])),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='publishing.socialaccount')),
                ('platform_post_id', security.columns.texts.Text(verbose_name='id at the platform')),
                ('platform_post_url', security.columns.texts.Text(blank=True, null=True, verbose_name='address')),
                ('text', security.columns.texts.LongText()),
                ('image_url', security.columns.texts.Text(blank=True, null=True, verbose_name='image')),
                ('video_url', security.columns.texts.Text(blank=True, null=True, verbose_name='video')),
                ('hashtags', security.columns.documents.Json(blank=True, null=True)),
                ('published_at', security.columns.times.Time(verbose_name='published')),
                ('published_by', models.ForeignKey(blank=True, db_column='published_by', db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                ('scheduled_at', security.columns.times.Time(blank=True, null=True, verbose_name='scheduled')),
                ('generation_metadata', security.columns.documents.Json(blank=True, null=True)),
                ('campaign_id', security.columns.texts.Text(blank=True, null=True, verbose_name='campaign')),
                ('utm_params', security.columns.documents.Json(blank=True, null=True, verbose_name='UTM parameters')),
                ('status', security.columns.texts.Text(choices=[('published', 'Published'), ('deleted', 'Deleted'), ('failed', 'Failed')], db_default='published', default='published', null=True)),
                ('created_at', security.columns.times.Time(db_default=security.columns.times.CurrentTimestamp(), default=security.columns.times.now, null=True, verbose_name='created')),
                ('updated_at', security.columns.times.Time(db_default=security.columns.times.CurrentTimestamp(), default=security.columns.times.now, null=True, verbose_name='updated')),
            ],
            options={
                'verbose_name': 'post',
                'db_table': 'published_posts',
                'indexes': [security.contract.Index(fields=['tenant', '-published_at'], name='idx_published_posts_tenant'), security.contract.Index(fields=['platform', '-published_at'], name='idx_published_posts_platform'), security.contract.Index(condition=models.Q(('campaign_id__isnull', False)), fields=['campaign_id'], name='idx_published_posts_campaign'), security.contract.Index(fields=['content'], name='idx_published_posts_content'), security.contract.Index(fields=['tenant', 'platform', '-published_at'], name='idx_posts_tenant_platform_date'), security.contract.Index(fields=['-published_at', '-post_id'], name='nds_published_posts_newest'), security.contract.Index(fields=['account'], name='nds_published_posts_account'), security.contract.Index(fields=['published_by'], name='nds_published_posts_author')],
                'constraints': [],
            },
        ),
    ]
