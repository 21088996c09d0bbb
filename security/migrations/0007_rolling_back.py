import security.columns.texts
from django.db import migrations


class Migration(migrations.Migration):
    """Rolling a skill back writes an event. No row changes."""

    dependencies = [
        ('security', '0006_grants'),
    ]

    operations = [
        migrations.AlterField(
            model_name='sharingevent',
            name='action',
            field=security.columns.texts.Text(choices=[('promote_to_global', 'Promoted to global'), ('fork_skill', 'Forked'), ('retire_skill', 'Retired'), ('roll_back_skill', 'Rolled back')]),
        ),
    ]
