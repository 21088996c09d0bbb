from django.db import migrations, models

import security.columns.texts
import security.columns.times


class Migration(migrations.Migration):
    """Sessions that say whose they are. Django's own table held nothing that outlives a sign-in."""

    dependencies = [
        ('security', '0002_orders'),
    ]

    operations = [
        migrations.CreateModel(
            name='Session',
            fields=[
                ('session_key', models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name='session key')),
                ('session_data', models.TextField(verbose_name='session data')),
                ('expire_date', models.DateTimeField(verbose_name='expires')),
                ('user_id', security.columns.texts.Text(null=True, verbose_name='person')),
                ('tenant_id', security.columns.texts.Text(null=True, verbose_name='tenant')),
                ('last_seen_at', security.columns.times.Time(db_default=security.columns.times.CurrentTimestamp(), default=security.columns.times.now, verbose_name='last used')),
            ],
            options={
                'db_table': 'nds_sessions',
                'indexes': [
                    models.Index(fields=['user_id'], name='nds_sessions_by_user'),
                    models.Index(fields=['expire_date'], name='nds_sessions_by_expiry'),
                ],
            },
        ),
        migrations.RunSQL('DROP TABLE IF EXISTS "django_session"', migrations.RunSQL.noop),
    ]
