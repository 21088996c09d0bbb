"""Orders of lists, with an index each."""

import security.columns.places
import security.contract
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('content', '0002_orders'),
        ('publishing', '0001_initial'),
        ('tenants', '0002_orders'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='publishedpost',
            name='nds_published_posts_newest',
        ),
        migrations.RemoveIndex(
            model_name='publishedpost',
            name='nds_published_posts_account',
        ),
        migrations.RemoveIndex(
            model_name='publishedpost',
            name='nds_published_posts_author',
        ),
        migrations.RemoveIndex(
            model_name='ratelimit',
            name='nds_rate_limits_newest',
        ),
        migrations.AddIndex(
            model_name='publishedpost',
            index=security.contract.Index(models.OrderBy(security.columns.places.Place(security.columns.places.Moment('published_at'), 'post_id'), descending=True), name='nds_published_posts_by_published_at'),
        ),
        migrations.AddIndex(
            model_name='publishedpost',
            index=security.contract.Index(models.F('tenant'), models.OrderBy(security.columns.places.Place(security.columns.places.Moment('published_at'), 'post_id'), descending=True), name='nds_published_posts_by_published_at_in_tenant'),
        ),
        migrations.AddIndex(
            model_name='publishedpost',
            index=security.contract.Index(models.F('tenant'), models.F('platform'), models.OrderBy(security.columns.places.Place(security.columns.places.Moment('published_at'), 'post_id'), descending=True), name='nds_published_posts_by_published_at_in_tenant_platform'),
        ),
        migrations.AddIndex(
            model_name='publishedpost',
            index=security.contract.Index(models.F('tenant'), models.F('status'), models.OrderBy(security.columns.places.Place(security.columns.places.Moment('published_at'), 'post_id'), descending=True), name='nds_published_posts_by_published_at_in_tenant_status'),
        ),
        migrations.AddIndex(
            model_name='publishedpost',
            index=security.contract.Index(models.F('status'), models.OrderBy(security.columns.places.Place(security.columns.places.Moment('published_at'), 'post_id'), descending=True), name='nds_published_posts_by_published_at_in_status'),
        ),
        migrations.AddIndex(
            model_name='publishedpost',
            index=security.contract.Index(models.F('account'), models.OrderBy(security.columns.places.Place(security.columns.places.Moment('published_at'), 'post_id'), descending=True), name='nds_published_posts_by_published_at_in_account'),
        ),
        migrations.AddIndex(
            model_name='publishedpost',
            index=security.contract.Index(models.F('content'), models.OrderBy(security.columns.places.Place(security.columns.places.Moment('published_at'), 'post_id'), descending=True), name='nds_published_posts_by_published_at_in_content'),
        ),
        migrations.AddIndex(
            model_name='publishedpost',
            index=security.contract.Index(models.F('campaign_id'), models.OrderBy(security.columns.places.Place(security.columns.places.Moment('published_at'), 'post_id'), descending=True), name='nds_published_posts_by_published_at_in_campaign_id'),
        ),
        migrations.AddIndex(
            model_name='publishedpost',
            index=security.contract.Index(models.F('published_by'), models.OrderBy(security.columns.places.Place(security.columns.places.Moment('published_at'), 'post_id'), descending=True), name='nds_published_posts_by_published_at_in_published_by'),
        ),
        migrations.AddIndex(
            model_name='ratelimit',
            index=security.contract.Index(models.OrderBy(security.columns.places.Place(security.columns.places.Moment('window_start'), 'tenant', 'platform'), descending=True), name='nds_rate_limits_by_window_start'),
        ),
        migrations.AddIndex(
            model_name='ratelimit',
            index=security.contract.Index(models.F('tenant'), models.OrderBy(security.columns.places.Place(security.columns.places.Moment('window_start'), 'tenant', 'platform'), descending=True), name='nds_rate_limits_by_window_start_in_tenant'),
        ),
        migrations.AddIndex(
            model_name='ratelimit',
            index=security.contract.Index(models.OrderBy(security.columns.places.Place(security.columns.places.Amount('request_count'), 'window_start', 'tenant', 'platform'), descending=True), name='nds_rate_limits_by_request_count'),
        ),
        migrations.AddIndex(
            model_name='ratelimit',
            index=security.contract.Index(models.F('tenant'), models.OrderBy(security.columns.places.Place(security.columns.places.Amount('request_count'), 'window_start', 'tenant', 'platform'), descending=True), name='nds_rate_limits_by_request_count_in_tenant'),
        ),
        migrations.AddIndex(
            model_name='socialaccount',
            index=security.contract.Index(models.OrderBy(security.columns.places.Place(security.columns.places.Moment('created_at'), 'account_id'), descending=True), name='nds_social_accounts_by_created_at'),
        ),
        migrations.AddIndex(
            model_name='socialaccount',
            index=security.contract.Index(models.F('tenant'), models.OrderBy(security.columns.places.Place(security.columns.places.Moment('created_at'), 'account_id'), descending=True), name='nds_social_accounts_by_created_at_in_tenant'),
        ),
        migrations.AddIndex(
            model_name='socialaccount',
            index=security.contract.Index(models.OrderBy(security.columns.places.Place(security.columns.places.Moment('expires_at'), 'account_id'), descending=True), name='nds_social_accounts_by_expires_at'),
        ),
        migrations.AddIndex(
            model_name='socialaccount',
            index=security.contract.Index(models.F('tenant'), models.OrderBy(security.columns.places.Place(security.columns.places.Moment('expires_at'), 'account_id'), descending=True), name='nds_social_accounts_by_expires_at_in_tenant'),
        ),
        migrations.AddIndex(
            model_name='socialaccount',
            index=security.contract.Index(models.OrderBy(security.columns.places.Place(security.columns.places.Folded('account_name'), 'account_id'), descending=True), name='nds_social_accounts_by_account_name'),
        ),
        migrations.AddIndex(
            model_name='socialaccount',
            index=security.contract.Index(models.F('tenant'), models.OrderBy(security.columns.places.Place(security.columns.places.Folded('account_name'), 'account_id'), descending=True), name='nds_social_accounts_by_account_name_in_tenant'),
        ),
    ]
