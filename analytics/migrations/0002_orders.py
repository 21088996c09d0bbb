"""Orders of lists, with an index each."""

import security.columns.places
import security.contract
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('analytics', '0001_initial'),
        ('publishing', '0002_orders'),
        ('tenants', '0002_orders'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='abtest',
            name='nds_ab_tests_variant_a',
        ),
        migrations.RemoveIndex(
            model_name='abtest',
            name='nds_ab_tests_variant_b',
        ),
        migrations.RemoveIndex(
            model_name='abtest',
            name='nds_ab_tests_variant_c',
        ),
        migrations.RemoveIndex(
            model_name='analyticssyncerror',
            name='nds_sync_errors_newest',
        ),
        migrations.RemoveIndex(
            model_name='conversion',
            name='nds_conversions_newest',
        ),
        migrations.RemoveIndex(
            model_name='guardmetricsdaily',
            name='nds_guard_metrics_newest',
        ),
        migrations.RemoveIndex(
            model_name='postanalytics',
            name='nds_post_analytics_newest',
        ),
        migrations.RemoveIndex(
            model_name='tenantmetricsdaily',
            name='nds_tenant_metrics_newest',
        ),
        migrations.AddIndex(
            model_name='abtest',
            index=security.contract.Index(models.OrderBy(security.columns.places.Place(security.columns.places.Moment('started_at'), 'test_id'), descending=True), name='nds_ab_tests_by_started_at'),
        ),
        migrations.AddIndex(
            model_name='abtest',
            index=security.contract.Index(models.F('tenant'), models.OrderBy(security.columns.places.Place(security.columns.places.Moment('started_at'), 'test_id'), descending=True), name='nds_ab_tests_by_started_at_in_tenant'),
        ),
        migrations.AddIndex(
            model_name='abtest',
            index=security.contract.Index(models.F('variant_a_post'), models.OrderBy(security.columns.places.Place(security.columns.places.Moment('started_at'), 'test_id'), descending=True), name='nds_ab_tests_by_started_at_in_variant_a_post'),
        ),
        migrations.AddIndex(
            model_name='abtest',
            index=security.contract.Index(models.F('variant_b_post'), models.OrderBy(security.columns.places.Place(security.columns.places.Moment('started_at'), 'test_id'), descending=True), name='nds_ab_tests_by_started_at_in_variant_b_post'),
        ),
        migrations.AddIndex(
            model_name='abtest',
            index=security.contract.Index(models.F('variant_c_post'), models.OrderBy(security.columns.places.Place(security.columns.places.Moment('started_at'), 'test_id'), descending=True), name='nds_ab_tests_by_started_at_in_variant_c_post'),
        ),
        migrations.AddIndex(
            model_name='abtest',
            index=security.contract.Index(models.OrderBy(security.columns.places.Place(security.columns.places.Folded('test_name'), 'test_id'), descending=True), name='nds_ab_tests_by_test_name'),
        ),
        migrations.AddIndex(
            model_name='abtest',
            index=security.contract.Index(models.F('tenant'), models.OrderBy(security.columns.places.Place(security.columns.places.Folded('test_name'), 'test_id'), descending=True), name='nds_ab_tests_by_test_name_in_tenant'),
        ),
        migrations.AddIndex(
            model_name='analyticssyncerror',
            index=security.contract.Index(models.OrderBy(security.columns.places.Place(security.columns.places.Moment('created_at'), 'error_id'), descending=True), name='nds_analytics_sync_errors_by_created_at'),
        ),
        migrations.AddIndex(
            model_name='analyticssyncerror',
            index=security.contract.Index(models.F('post'), models.OrderBy(security.columns.places.Place(security.columns.places.Moment('created_at'), 'error_id'), descending=True), name='nds_analytics_sync_errors_by_created_at_in_post'),
        ),
        migrations.AddIndex(
            model_name='analyticssyncerror',
            index=security.contract.Index(models.F('resolved_at'), models.OrderBy(security.columns.places.Place(security.columns.places.Moment('created_at'), 'error_id'), descending=True), condition=models.Q(('resolved_at__isnull', True)), name='nds_analytics_sync_errors_by_created_at_open'),
        ),
        migrations.AddIndex(
            model_name='conversion',
            index=security.contract.Index(models.OrderBy(security.columns.places.Place(security.columns.places.Moment('tracked_at'), 'conversion_id'), descending=True), name='nds_conversions_by_tracked_at'),
        ),
        migrations.AddIndex(
            model_name='conversion',
            index=security.contract.Index(models.F('tenant'), models.OrderBy(security.columns.places.Place(security.columns.places.Moment('tracked_at'), 'conversion_id'), descending=True), name='nds_conversions_by_tracked_at_in_tenant'),
        ),
        migrations.AddIndex(
            model_name='conversion',
            index=security.contract.Index(models.F('post'), models.OrderBy(security.columns.places.Place(security.columns.places.Moment('tracked_at'), 'conversion_id'), descending=True), name='nds_conversions_by_tracked_at_in_post'),
        ),
        migrations.AddIndex(
            model_name='conversion',
            index=security.contract.Index(models.F('utm_campaign'), models.OrderBy(security.columns.places.Place(security.columns.places.Moment('tracked_at'), 'conversion_id'), descending=True), name='nds_conversions_by_tracked_at_in_utm_campaign'),
        ),
        migrations.AddIndex(
            model_name='conversion',
            index=security.contract.Index(models.OrderBy(security.columns.places.Place(security.columns.places.Amount('value'), 'conversion_id'), descending=True), name='nds_conversions_by_value'),
        ),
        migrations.AddIndex(
            model_name='conversion',
            index=security.contract.Index(models.F('tenant'), models.OrderBy(security.columns.places.Place(security.columns.places.Amount('value'), 'conversion_id'), descending=True), name='nds_conversions_by_value_in_tenant'),
        ),
        migrations.AddIndex(
            model_name='guardmetricsdaily',
            index=security.contract.Index(models.OrderBy(security.columns.places.Place(security.columns.places.Plain('date'), 'tenant', 'guard_id'), descending=True), name='nds_guard_metrics_daily_by_date'),
        ),
        migrations.AddIndex(
            model_name='guardmetricsdaily',
            index=security.contract.Index(models.F('tenant'), models.OrderBy(security.columns.places.Place(security.columns.places.Plain('date'), 'tenant', 'guard_id'), descending=True), name='nds_guard_metrics_daily_by_date_in_tenant'),
        ),
        migrations.AddIndex(
            model_name='performancebenchmark',
            index=security.contract.Index(models.OrderBy(security.columns.places.Place(security.columns.places.Moment('calculated_at'), 'benchmark_id'), descending=True), name='nds_performance_benchmarks_by_calculated_at'),
        ),
        migrations.AddIndex(
            model_name='performancebenchmark',
            index=security.contract.Index(models.F('tenant'), models.OrderBy(security.columns.places.Place(security.columns.places.Moment('calculated_at'), 'benchmark_id'), descending=True), name='nds_performance_benchmarks_by_calculated_at_in_tenant'),
        ),
        migrations.AddIndex(
            model_name='postanalytics',
            index=security.contract.Index(models.OrderBy(security.columns.places.Place(security.columns.places.Moment('synced_at'), 'analytics_id'), descending=True), name='nds_post_analytics_by_synced_at'),
        ),
        migrations.AddIndex(
            model_name='postanalytics',
            index=security.contract.Index(models.F('tenant'), models.OrderBy(security.columns.places.Place(security.columns.places.Moment('synced_at'), 'analytics_id'), descending=True), name='nds_post_analytics_by_synced_at_in_tenant'),
        ),
        migrations.AddIndex(
            model_name='postanalytics',
            index=security.contract.Index(models.F('post'), models.OrderBy(security.columns.places.Place(security.columns.places.Moment('synced_at'), 'analytics_id'), descending=True), name='nds_post_analytics_by_synced_at_in_post'),
        ),
        migrations.AddIndex(
            model_name='postanalytics',
            index=security.contract.Index(models.F('is_anomaly'), models.OrderBy(security.columns.places.Place(security.columns.places.Moment('synced_at'), 'analytics_id'), descending=True), condition=models.Q(('is_anomaly', True)), name='nds_post_analytics_by_synced_at_anomalies'),
        ),
        migrations.AddIndex(
            model_name='postanalytics',
            index=security.contract.Index(models.OrderBy(security.columns.places.Place(security.columns.places.Amount('impressions'), 'analytics_id'), descending=True), name='nds_post_analytics_by_impressions'),
        ),
        migrations.AddIndex(
            model_name='postanalytics',
            index=security.contract.Index(models.F('tenant'), models.OrderBy(security.columns.places.Place(security.columns.places.Amount('impressions'), 'analytics_id'), descending=True), name='nds_post_analytics_by_impressions_in_tenant'),
        ),
        migrations.AddIndex(
            model_name='postanalytics',
            index=security.contract.Index(models.OrderBy(security.columns.places.Place(security.columns.places.Amount('engagement_rate'), 'analytics_id'), descending=True), name='nds_post_analytics_by_engagement_rate'),
        ),
        migrations.AddIndex(
            model_name='postanalytics',
            index=security.contract.Index(models.F('tenant'), models.OrderBy(security.columns.places.Place(security.columns.places.Amount('engagement_rate'), 'analytics_id'), descending=True), name='nds_post_analytics_by_engagement_rate_in_tenant'),
        ),
        migrations.AddIndex(
            model_name='tenantmetricsdaily',
            index=security.contract.Index(models.OrderBy(security.columns.places.Place(security.columns.places.Plain('date'), 'tenant', 'platform'), descending=True), name='nds_tenant_metrics_daily_by_date'),
        ),
        migrations.AddIndex(
            model_name='tenantmetricsdaily',
            index=security.contract.Index(models.F('tenant'), models.OrderBy(security.columns.places.Place(security.columns.places.Plain('date'), 'tenant', 'platform'), descending=True), name='nds_tenant_metrics_daily_by_date_in_tenant'),
        ),
    ]
