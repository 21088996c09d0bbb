import django.db.models.deletion
import security.columns.documents
import security.columns.keys
import security.columns.numbers
import security.columns.texts
import security.columns.times
import security.contract
from django.db import migrations, models


class Migration(migrations.Migration):
    """Published periods of skills, and promotions."""

    dependencies = [
        ('content', '0003_publishing'),
    ]

    operations = [
        migrations.CreateModel(
            name='PublishedPeriod',
            fields=[
                ('pk', models.CompositePrimaryKey('kind', 'first', blank=True, editable=False, primary_key=True, serialize=False)),
                ('kind', security.columns.texts.Text(choices=[('week', 'Week'), ('month', 'Month')])),
                ('first', security.columns.times.Date(verbose_name='first day')),
                ('published_at', security.columns.times.Time(db_default=security.columns.times.CurrentTimestamp(), default=security.columns.times.now, verbose_name='published')),
                ('shown', security.columns.numbers.Int(verbose_name='skills shown')),
                ('hidden', security.columns.numbers.Int(verbose_name='skills hidden')),
            ],
            options={
                'db_table': 'nds_skill_periods',
            },
        ),
        migrations.CreateModel(
            name='HiddenMetrics',
            fields=[
                ('pk', models.CompositePrimaryKey('kind', 'first', 'skill', blank=True, editable=False, primary_key=True, serialize=False)),
                ('kind', security.columns.texts.Text(choices=[('week', 'Week'), ('month', 'Month')])),
                ('first', security.columns.times.Date(verbose_name='first day')),
                ('why', security.columns.texts.Text(choices=[('few', 'Too few tenants'), ('dominated', 'One tenant dominates'), ('complement', 'Would show what is hidden beside it')])),
                ('tenants', security.columns.numbers.Int()),
                ('uses', security.columns.numbers.Int()),
                ('skill', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='content.skill')),
            ],
            options={
                'db_table': 'nds_skill_metrics_hidden',
                'indexes': [security.contract.Index(fields=['skill', 'kind', 'first'], name='nds_skill_metrics_hidden_by_skill')],
            },
        ),
        migrations.CreateModel(
            name='Promotion',
            fields=[
                ('promotion_id', security.columns.texts.Text(default=security.columns.keys.new_key, primary_key=True, serialize=False, verbose_name='id')),
                ('tenant_id', security.columns.texts.Text(verbose_name='source')),
                ('state', security.columns.texts.Text(choices=[('open', 'Proposed'), ('approved', 'Approved'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn')], default='open')),
                ('reason', security.columns.texts.LongText()),
                ('overrides', security.columns.documents.Json(default=list)),
                ('evidence', security.columns.documents.Json()),
                ('seen', security.columns.texts.Hash(verbose_name='what the version said')),
                ('proposed_by', security.columns.texts.Text(verbose_name='proposed by')),
                ('proposed_at', security.columns.times.Time(db_default=security.columns.times.CurrentTimestamp(), default=security.columns.times.now, verbose_name='proposed')),
                ('decided_by', security.columns.texts.Text(null=True, verbose_name='decided by')),
                ('decided_at', security.columns.times.Time(null=True, verbose_name='decided')),
                ('decision', security.columns.texts.LongText(null=True, verbose_name='reason of the decision')),
                ('skill', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='content.skill')),
                ('version', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='content.skillversion')),
            ],
            options={
                'db_table': 'nds_promotions',
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('skill',), name='nds_promotions_open'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'approved'), _negated=True), models.Q(('decided_by__isnull', False), models.Q(('decided_by', models.F('proposed_by')), _negated=True), models.Q(('decided_by', 'system_auto'), _negated=True)), _connector='OR'), name='nds_promotions_two_people')],
            },
        ),
        migrations.CreateModel(
            name='PublishedMetrics',
            fields=[
                ('pk', models.CompositePrimaryKey('kind', 'first', 'skill', blank=True, editable=False, primary_key=True, serialize=False)),
                ('kind', security.columns.texts.Text(choices=[('week', 'Week'), ('month', 'Month')])),
                ('first', security.columns.times.Date(verbose_name='first day')),
                ('uses', security.columns.numbers.Int()),
                ('pass_rate', security.columns.numbers.Rate()),
                ('defect_rate', security.columns.numbers.Rate()),
                ('selection_rate', security.columns.numbers.Rate()),
                ('approval_rate', security.columns.numbers.Rate()),
                ('cost_avg', security.columns.numbers.Money(null=True, verbose_name='cost a use')),
                ('latency_p50', security.columns.numbers.Millis(null=True, verbose_name='median latency')),
                ('latency_p95', security.columns.numbers.Millis(null=True, verbose_name='95 % latency')),
                ('tenants', security.columns.numbers.Int(verbose_name='tenants, at least')),
                ('skill', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='content.skill')),
            ],
            options={
                'db_table': 'nds_skill_metrics_published',
                'indexes': [security.contract.Index(fields=['skill', 'kind', 'first'], name='nds_skill_metrics_published_by_skill')],
            },
        ),
    ]
