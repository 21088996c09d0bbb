"""Orders of lists with an index each, and what a person prefers."""

import django.db.models.deletion
import security.columns.documents
import security.columns.places
import security.columns.texts
import security.columns.times
import security.contract
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('tenants', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Preference',
            fields=[
                ('pk', models.CompositePrimaryKey('user_id', 'name', blank=True, editable=False, primary_key=True, serialize=False)),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
                ('name', security.columns.texts.Text()),
                ('value', security.columns.documents.Json()),
                ('updated_at', security.columns.times.Time(db_default=security.columns.times.CurrentTimestamp(), default=security.columns.times.now, verbose_name='updated')),
            ],
            options={
                'db_table': 'nds_preferences',
            },
        ),
        migrations.AddIndex(
            model_name='brandprofile',
            index=security.contract.Index(models.OrderBy(security.columns.places.Place(security.columns.places.Moment('updated_at'), 'tenant'), descending=True), name='nds_brand_profiles_by_updated_at'),
        ),
        migrations.AddIndex(
            model_name='brandprofile',
            index=security.contract.Index(models.F('tenant'), models.OrderBy(security.columns.places.Place(security.columns.places.Moment('updated_at'), 'tenant'), descending=True), name='nds_brand_profiles_by_updated_at_in_tenant'),
        ),
        migrations.AddIndex(
            model_name='tenant',
            index=security.contract.Index(models.OrderBy(security.columns.places.Place(security.columns.places.Moment('created_at'), 'tenant_id'), descending=True), name='nds_tenants_by_created_at'),
        ),
        migrations.AddIndex(
            model_name='tenant',
            index=security.contract.Index(models.OrderBy(security.columns.places.Place(security.columns.places.Folded('name'), 'tenant_id'), descending=True), name='nds_tenants_by_name'),
        ),
        migrations.AddIndex(
            model_name='user',
            index=security.contract.Index(models.OrderBy(security.columns.places.Place(security.columns.places.Moment('created_at'), 'user_id'), descending=True), name='nds_users_by_created_at'),
        ),
        migrations.AddIndex(
            model_name='user',
            index=security.contract.Index(models.F('tenant'), models.OrderBy(security.columns.places.Place(security.columns.places.Moment('created_at'), 'user_id'), descending=True), name='nds_users_by_created_at_in_tenant'),
        ),
        migrations.AddIndex(
            model_name='user',
            index=security.contract.Index(models.OrderBy(security.columns.places.Place(security.columns.places.Folded('email'), 'user_id'), descending=True), name='nds_users_by_email'),
        ),
        migrations.AddIndex(
            model_name='user',
            index=security.contract.Index(models.F('tenant'), models.OrderBy(security.columns.places.Place(security.columns.places.Folded('email'), 'user_id'), descending=True), name='nds_users_by_email_in_tenant'),
        ),
        migrations.AddIndex(
            model_name='user',
            index=security.contract.Index(models.OrderBy(security.columns.places.Place(security.columns.places.Folded('full_name'), 'user_id'), descending=True), name='nds_users_by_full_name'),
        ),
        migrations.AddIndex(
            model_name='user',
            index=security.contract.Index(models.F('tenant'), models.OrderBy(security.columns.places.Place(security.columns.places.Folded('full_name'), 'user_id'), descending=True), name='nds_users_by_full_name_in_tenant'),
        ),
        migrations.AddIndex(
            model_name='user',
            index=security.contract.Index(models.OrderBy(security.columns.places.Place(security.columns.places.Moment('last_login_at'), 'user_id'), descending=True), name='nds_users_by_last_login_at'),
        ),
        migrations.AddIndex(
            model_name='user',
            index=security.contract.Index(models.F('tenant'), models.OrderBy(security.columns.places.Place(security.columns.places.Moment('last_login_at'), 'user_id'), descending=True), name='nds_users_by_last_login_at_in_tenant'),
        ),
    ]
