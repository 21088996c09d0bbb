from django.db import migrations


class Migration(migrations.Migration):
    """The permissions to put something into use, which single grants name. No row changes."""

    dependencies = [
        ('content', '0002_orders'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='brandknowledgeentry',
            options={'permissions': [('publish_brandknowledgeentry', 'Can put an entry into use')], 'verbose_name': 'knowledge entry', 'verbose_name_plural': 'knowledge entries'},
        ),
        migrations.AlterModelOptions(
            name='contenttemplate',
            options={'permissions': [('publish_contenttemplate', 'Can put a template into use')]},
        ),
        migrations.AlterModelOptions(
            name='postconfiguration',
            options={'permissions': [('publish_postconfiguration', 'Can put a configuration into use')]},
        ),
        migrations.AlterModelOptions(
            name='skill',
            options={'permissions': [('publish_skill', 'Can put a skill into use')]},
        ),
    ]
