from django.db import migrations


def keep(apps, editor):
    from security.services.upkeep import put_up_triggers

    put_up_triggers()


class Migration(migrations.Migration):
    """Triggers that take single grants away with their row and their person."""

    dependencies = [
        ('content', '0002_orders'),
        ('security', '0005_keys'),
        ('tenants', '0003_people'),
    ]

    operations = [
        migrations.RunPython(keep, migrations.RunPython.noop),
    ]
