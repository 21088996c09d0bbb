"""Tables of the contract: numbers, tests, conversions and the daily sums.

Written in dependency order with the foreign keys inside CreateModel: ``makemigrations`` would add them later, which
cannot make the composite keys and would move columns to the end.
"""

import django.db.models.deletion
import security.columns.documents
import security.columns.keys
import security.columns.numbers
import security.columns.texts
import security.columns.times
import security.contract
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('publishing', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Conversion',
            fields=[
                ('conversion_id', security.columns.texts.Text(default=security.columns.keys.new_key, primary_key=True, serialize=False, verbose_name='id')),
                ('post', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='publishing.publishedpost')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenants.tenant')),
                ('user_id', security.columns.texts.Text(blank=True, null=True, verbose_name='visitor')),
                ('session_id', security.columns.texts.Text(blank=True, null=True, verbose_name='session')),
                ('conversion_type', security.columns.texts.Text(choices=[('page_view', 'Page view'), ('form_submit', 'Form submitted'), ('purchase', 'Purchase')], verbose_name='type')),
                ('value', security.columns.numbers.Money(db_default=models.Value(0), default=0, null=True)),
                ('utm_source', security.columns.texts.Text(blank=True, null=True, verbose_name='UTM source')),
                ('utm_medium', security.columns.texts.Text(blank=True, null=True, verbose_name='UTM medium')),
                ('utm_campaign', security.columns.texts.Text(blank=True, null=True, verbose_name='UTM campaign')),
                ('utm_content', security.columns.texts.Text(blank=True, null=True, verbose_name='UTM content')),
                ('utm_term', security.columns.texts.Text(blank=True, null=True, verbose_name='UTM term')),
                ('attribution_model', security.columns.texts.Text(blank=True, choices=[('first_touch', 'First touch'), ('last_touch', 'Last touch'), ('linear', 'Linear'), ('time_decay', 'Time decay')], null=True, verbose_name='attribution')),
                ('attribution_weight', security.columns.numbers.Real(db_default=1.0, default=1.0, null=True, verbose_name='weight')),
                ('tracked_at', security.columns.times.Time(db_default=security.columns.times.CurrentTimestamp(), default=security.columns.times.now, null=True, verbose_name='tracked')),
            ],
            options={
                'db_table': 'conversions',
                'indexes': [security.contract.Index(fields=['post'], name='idx_conversions_post'), security.contract.Index(fields=['tenant', '-tracked_at'], name='idx_conversions_tenant'), security.contract.Index(fields=['conversion_type'], name='idx_conversions_type'), security.contract.Index(condition=models.Q(('utm_campaign__isnull', False)), fields=['utm_campaign'], name='idx_conversions_utm'), security.contract.Index(condition=models.Q(('utm_campaign__isnull', False)), fields=['utm_campaign', '-tracked_at'], name='idx_conversions_campaign_date'), security.contract.Index(fields=['-tracked_at', '-conversion_id'], name='nds_conversions_newest')],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='TenantMetricsDaily',
            fields=[
                ('pk', models.CompositePrimaryKey('tenant_id', 'date', 'platform', blank=True, editable=False, primary_key=True, serialize=False)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenants.tenant')),
                ('date', security.columns.times.Date()),
                ('platform', security.columns.texts.Text(choices=[('linkedin', 'LinkedIn'), ('twitter', 'Twitter'), ('facebook', 'Facebook'), ('instagram', 'Instagram')])),
                ('posts', security.columns.numbers.Int(db_default=0, default=0)),
                ('failed_posts', security.columns.numbers.Int(db_default=0, default=0)),
                ('generations', security.columns.numbers.Int(db_default=0, default=0)),
                ('cost', security.columns.numbers.Money(db_default=models.Value(0), default=0.0)),
                ('impressions', security.columns.numbers.Int(db_default=0, default=0)),
                ('reach', security.columns.numbers.Int(db_default=0, default=0)),
                ('engagements', security.columns.numbers.Int(db_default=0, default=0)),
                ('clicks', security.columns.numbers.Int(db_default=0, default=0)),
                ('conversions', security.columns.numbers.Int(db_default=0, default=0)),
                ('revenue', security.columns.numbers.Money(db_default=models.Value(0), default=0.0)),
            ],
            options={
                'verbose_name': 'tenant metrics by day',
                'verbose_name_plural': 'tenant metrics by day',
                'db_table': 'tenant_metrics_daily',
                'indexes': [security.contract.Index(fields=['-date', '-tenant', '-platform'], name='nds_tenant_metrics_newest')],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='GuardMetricsDaily',
            fields=[
                ('pk', models.CompositePrimaryKey('tenant_id', 'date', 'guard_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenants.tenant')),
                ('date', security.columns.times.Date()),
                ('guard_id', security.columns.texts.Text(choices=[('text_overlap', 'Text overlap'), ('safe_margin', 'Safe margin'), ('contrast', 'Contrast'), ('logo_protection', 'Logo protection'), ('aspect_ratio', 'Aspect ratio'), ('brand_palette', 'Brand palette'), ('font_size', 'Font size')], verbose_name='guard')),
                ('runs', security.columns.numbers.Int(db_default=0, default=0)),
                ('passes', security.columns.numbers.Int(db_default=0, default=0)),
                ('auto_fixes', security.columns.numbers.Int(db_default=0, default=0, verbose_name='mended by itself')),
            ],
            options={
                'verbose_name': 'guard metrics by day',
                'verbose_name_plural': 'guard metrics by day',
                'db_table': 'guard_metrics_daily',
                'indexes': [security.contract.Index(fields=['-date', '-tenant', '-guard_id'], name='nds_guard_metrics_newest')],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='AbTest',
            fields=[
                ('test_id', security.columns.texts.Text(default=security.columns.keys.new_key, primary_key=True, serialize=False, verbose_name='id')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenants.tenant')),
                ('test_name', security.columns.texts.Text(verbose_name='name')),
                ('test_type', security.columns.texts.Text(choices=[('content', 'Content'), ('brand_voice', 'Brand voice'), ('timing', 'Timing'), ('hashtag', 'Hashtag')], verbose_name='type')),
                ('variant_a_post', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='publishing.publishedpost', verbose_name='variant A')),
                ('variant_b_post', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='publishing.publishedpost', verbose_name='variant B')),
                ('variant_c_post', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='publishing.publishedpost', verbose_name='variant C')),
                ('winner', security.columns.texts.Text(blank=True, choices=[('A', 'A'), ('B', 'B'), ('C', 'C'), ('tie', 'Tie'), ('inconclusive', 'Inconclusive')], null=True)),
                ('p_value', security.columns.numbers.Real(blank=True, null=True, verbose_name='p')),
                ('confidence_level', security.columns.numbers.Int(blank=True, null=True, verbose_name='confidence in percent')),
                ('uplift', security.columns.numbers.Real(blank=True, null=True, verbose_name='uplift in percent')),
                ('status', security.columns.texts.Text(choices=[('running', 'Running'), ('completed', 'Completed'), ('cancelled', 'Cancelled')], db_default='running', default='running', null=True)),
                ('started_at', security.columns.times.Time(db_default=security.columns.times.CurrentTimestamp(), default=security.columns.times.now, null=True, verbose_name='started')),
                ('completed_at', security.columns.times.Time(blank=True, null=True, verbose_name='completed')),
            ],
            options={
                'verbose_name': 'A/B test',
                'db_table': 'ab_tests',
                'indexes': [security.contract.Index(fields=['tenant', 'status'], name='idx_ab_tests_tenant'), security.contract.Index(fields=['status'], name='idx_ab_tests_status'), security.contract.Index(fields=['variant_a_post'], name='nds_ab_tests_variant_a'), security.contract.Index(fields=['variant_b_post'], name='nds_ab_tests_variant_b'), security.contract.Index(fields=['variant_c_post'], name='nds_ab_tests_variant_c')],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='PostAnalytics',
            fields=[
                ('analytics_id', security.columns.texts.Text(default=security.columns.keys.new_key, primary_key=True, serialize=False, verbose_name='id')),
                ('post', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='publishing.publishedpost')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenants.tenant')),
                ('platform', security.columns.texts.Text(choices=[('linkedin', 'LinkedIn'), ('twitter', 'Twitter'), ('facebook', 'Facebook'), ('instagram', 'Instagram')])),
                ('likes', security.columns.numbers.Int(db_default=0, default=0, null=True)),
                ('comments', security.columns.numbers.Int(db_default=0, default=0, null=True)),
                ('shares', security.columns.numbers.Int(db_default=0, default=0, null=True)),
                ('saves', security.columns.numbers.Int(db_default=0, default=0, null=True)),
                ('clicks', security.columns.numbers.Int(db_default=0, default=0, null=True)),
                ('bookmarks', security.columns.numbers.Int(db_default=0, default=0, null=True)),
                ('impressions', security.columns.numbers.Int(db_default=0, default=0, null=True)),
                ('reach', security.columns.numbers.Int(db_default=0, default=0, null=True)),
                ('unique_impressions', security.columns.numbers.Int(db_default=0, default=0, null=True)),
                ('video_views', security.columns.numbers.Int(blank=True, null=True)),
                ('video_avg_watch_time', security.columns.numbers.Seconds(blank=True, null=True, verbose_name='average watch time')),
                ('video_complete_views', security.columns.numbers.Int(blank=True, null=True)),
                ('engagement_rate', security.columns.numbers.Rate(blank=True, null=True, verbose_name='engagement')),
                ('viral_coefficient', security.columns.numbers.Real(blank=True, null=True, verbose_name='viral')),
                ('engagement_velocity_1h', security.columns.numbers.Real(blank=True, null=True, verbose_name='engagement an hour, first hour')),
                ('engagement_velocity_24h', security.columns.numbers.Real(blank=True, null=True, verbose_name='engagement an hour, first day')),
                ('engagement_velocity_7d', security.columns.numbers.Real(blank=True, null=True, verbose_name='engagement an hour, first week')),
                ('performance_score', security.columns.numbers.Int(blank=True, null=True, verbose_name='score')),
                ('performance_score_breakdown', security.columns.documents.Json(blank=True, null=True, verbose_name='score in parts')),
                ('is_anomaly', security.columns.numbers.Bool(db_default=False, default=False, null=True, verbose_name='anomaly')),
                ('anomaly_type', security.columns.texts.Text(blank=True, choices=[('high', 'High'), ('low', 'Low'), ('normal', 'Normal')], null=True, verbose_name='kind of anomaly')),
                ('z_score', security.columns.numbers.Real(blank=True, null=True, verbose_name='z-score')),
                ('synced_at', security.columns.times.Time(db_default=security.columns.times.CurrentTimestamp(), default=security.columns.times.now, null=True, verbose_name='synced')),
                ('sync_count', security.columns.numbers.Int(db_default=1, default=1, null=True, verbose_name='syncs')),
                ('created_at', security.columns.times.Time(db_default=security.columns.times.CurrentTimestamp(), default=security.columns.times.now, null=True, verbose_name='created')),
                ('updated_at', security.columns.times.Time(db_default=security.columns.times.CurrentTimestamp(), default=security.columns.times.now, null=True, verbose_name='updated')),
            ],
            options={
                'verbose_name_plural': 'post analytics',
                'db_table': 'post_analytics',
                'indexes': [security.contract.Index(fields=['post'], name='idx_post_analytics_post'), security.contract.Index(fields=['tenant', '-synced_at'], name='idx_post_analytics_tenant'), security.contract.Index(fields=['platform', '-synced_at'], name='idx_post_analytics_platform'), security.contract.Index(condition=models.Q(('is_anomaly', True)), fields=['is_anomaly'], name='idx_post_analytics_anomaly'), security.contract.Index(fields=['tenant', 'platform', '-synced_at'], name='idx_analytics_tenant_platform_synced'), security.contract.Index(fields=['-synced_at', '-analytics_id'], name='nds_post_analytics_newest')],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='PerformanceBenchmark',
            fields=[
                ('benchmark_id', security.columns.texts.Text(default=security.columns.keys.new_key, primary_key=True, serialize=False, verbose_name='id')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenants.tenant')),
                ('platform', security.columns.texts.Text(choices=[('linkedin', 'LinkedIn'), ('twitter', 'Twitter'), ('facebook', 'Facebook'), ('instagram', 'Instagram')])),
                ('avg_engagement_rate', security.columns.numbers.Rate(blank=True, null=True, verbose_name='mean engagement')),
                ('median_engagement_rate', security.columns.numbers.Rate(blank=True, null=True, verbose_name='median engagement')),
                ('p90_engagement_rate', security.columns.numbers.Rate(blank=True, null=True, verbose_name='90 % engagement')),
                ('avg_reach', security.columns.numbers.Real(blank=True, null=True, verbose_name='mean reach')),
                ('p90_reach', security.columns.numbers.Real(blank=True, null=True, verbose_name='90 % reach')),
                ('avg_share_rate', security.columns.numbers.Rate(blank=True, null=True, verbose_name='mean share rate')),
                ('p90_share_rate', security.columns.numbers.Rate(blank=True, null=True, verbose_name='90 % share rate')),
                ('total_posts', security.columns.numbers.Int(blank=True, null=True, verbose_name='posts')),
                ('calculated_at', security.columns.times.Time(db_default=security.columns.times.CurrentTimestamp(), default=security.columns.times.now, null=True, verbose_name='calculated')),
            ],
            options={
                'db_table': 'performance_benchmarks',
                'indexes': [security.contract.Index(fields=['tenant'], name='idx_benchmarks_tenant')],
                'constraints': [models.UniqueConstraint(fields=('tenant', 'platform'), name='performance_benchmarks_tenant_platform')],
            },
        ),
        migrations.CreateModel(
            name='AnalyticsSyncError',
            fields=[
                ('error_id', security.columns.texts.Text(default=security.columns.keys.new_key, primary_key=True, serialize=False, verbose_name='id')),
                ('post', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='publishing.publishedpost')),
                ('platform', security.columns.texts.Text(choices=[('linkedin', 'LinkedIn'), ('twitter', 'Twitter'), ('facebook', 'Facebook'), ('instagram', 'Instagram')])),
                ('error_message', security.columns.texts.LongText(blank=True, null=True, verbose_name='message')),
                ('error_type', security.columns.texts.Text(blank=True, choices=[('rate_limit', 'Rate limit'), ('auth_error', 'Authorisation'), ('api_error', 'Platform'), ('network_error', 'Network')], null=True, verbose_name='type')),
                ('error_stack', security.columns.texts.LongText(blank=True, null=True, verbose_name='stack')),
                ('retry_count', security.columns.numbers.Int(db_default=0, default=0, null=True, verbose_name='retries')),
                ('created_at', security.columns.times.Time(db_default=security.columns.times.CurrentTimestamp(), default=security.columns.times.now, null=True, verbose_name='created')),
                ('resolved_at', security.columns.times.Time(blank=True, null=True, verbose_name='resolved')),
            ],
            options={
                'verbose_name': 'sync error',
                'db_table': 'analytics_sync_errors',
                'indexes': [security.contract.Index(fields=['post'], name='idx_analytics_errors_post'), security.contract.Index(fields=['-created_at'], name='idx_analytics_errors_created'), security.contract.Index(condition=models.Q(('resolved_at__isnull', True)), fields=['resolved_at'], name='idx_analytics_errors_unresolved'), security.contract.Index(fields=['-created_at', '-error_id'], name='nds_sync_errors_newest')],
                'constraints': [],
            },
        ),
    ]
