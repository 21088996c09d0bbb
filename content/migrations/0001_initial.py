"""Tables of the contract: the ten tables of content.

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
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('tenants', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Skill',
            fields=[
                ('skill_id', security.columns.texts.Text(default=security.columns.keys.new_key, primary_key=True, serialize=False, verbose_name='id')),
                ('name', security.columns.texts.Text()),
                ('task', security.columns.texts.Text()),
                ('platform', security.columns.texts.Text()),
                ('modality', security.columns.texts.Text()),
                ('visibility', security.columns.texts.Text(db_default='global', default='global', null=True)),
                ('parent_skill', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='content.skill')),
                ('status', security.columns.texts.Text(choices=[('active', 'Active'), ('testing', 'Testing'), ('champion', 'Champion'), ('failing', 'Failing'), ('retired', 'Retired')], db_default='active', default='active', null=True)),
                ('tier', security.columns.texts.Text(choices=[('standard', 'Standard'), ('champion', 'Champion'), ('experimental', 'Experimental')], db_default='standard', default='standard', null=True)),
                ('created_at', security.columns.times.Time(db_default=security.columns.times.CurrentTimestamp(), default=security.columns.times.now, null=True, verbose_name='created')),
                ('updated_at', security.columns.times.Time(db_default=security.columns.times.CurrentTimestamp(), default=security.columns.times.now, null=True, verbose_name='updated')),
            ],
            options={
                'db_table': 'skills',
                'indexes': [security.contract.Index(fields=['task', 'platform', 'modality', 'status'], name='idx_skills_task_platform'), security.contract.Index(fields=['status'], name='idx_skills_status'), security.contract.Index(fields=['visibility'], name='idx_skills_visibility'), security.contract.Index(fields=['tier'], name='idx_skills_tier'), security.contract.Index(fields=['parent_skill'], name='nds_skills_parent')],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='SkillVersion',
            fields=[
                ('skill_version_id', security.columns.texts.Text(default=security.columns.keys.new_key, primary_key=True, serialize=False, verbose_name='id')),
                ('skill', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='content.skill')),
                ('prompt_fragments_json', security.columns.documents.Json(verbose_name='prompt fragments')),
                ('constraints_json', security.columns.documents.Json(verbose_name='constraints')),
                ('toolchain_json', security.columns.documents.Json(verbose_name='toolchain')),
                ('guards_json', security.columns.documents.Json(verbose_name='guards')),
                ('version_number', security.columns.numbers.Int(verbose_name='version')),
                ('version_notes', security.columns.texts.Text(blank=True, null=True, verbose_name='notes')),
                ('is_active', security.columns.numbers.Bool(db_default=True, default=True, null=True, verbose_name='active')),
                ('created_at', security.columns.times.Time(db_default=security.columns.times.CurrentTimestamp(), default=security.columns.times.now, null=True, verbose_name='created')),
            ],
            options={
                'db_table': 'skill_versions',
                'indexes': [security.contract.Index(fields=['skill', '-version_number'], name='idx_skill_versions_skill'), security.contract.Index(condition=models.Q(('is_active', True)), fields=['skill', 'is_active'], name='idx_skill_versions_active')],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='SkillEmbedding',
            fields=[
                ('embedding_id', security.columns.texts.Text(default=security.columns.keys.new_key, primary_key=True, serialize=False, verbose_name='id')),
                ('skill', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='content.skill')),
                ('skill_version', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='content.skillversion')),
                ('vector', security.columns.binary.Vector(dimensions=1024)),
                ('tags', security.columns.documents.Json(blank=True, null=True)),
                ('created_at', security.columns.times.Time(db_default=security.columns.times.CurrentTimestamp(), default=security.columns.times.now, null=True, verbose_name='created')),
            ],
            options={
                'db_table': 'skill_embeddings',
                'indexes': [security.contract.Index(fields=['skill'], name='idx_skill_embeddings_skill'), security.contract.Index(fields=['skill_version'], name='nds_skill_embeddings_version')],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='SkillMetricsDaily',
            fields=[
                ('pk', models.CompositePrimaryKey('date', 'skill_id', 'context_hash', blank=True, editable=False, primary_key=True, serialize=False)),
                ('date', security.columns.times.Date()),
                ('skill', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='content.skill')),
                ('skill_version', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, to='content.skillversion')),
                ('context_hash', security.columns.texts.Text(verbose_name='context')),
                ('uses', security.columns.numbers.Int(db_default=0, default=0, null=True)),
                ('pass_rate', security.columns.numbers.Rate(db_default=0.0, default=0.0, null=True)),
                ('defect_rate', security.columns.numbers.Rate(db_default=0.0, default=0.0, null=True)),
                ('selection_rate', security.columns.numbers.Rate(db_default=0.0, default=0.0, null=True)),
                ('approval_rate', security.columns.numbers.Rate(db_default=0.0, default=0.0, null=True)),
                ('cost_avg', security.columns.numbers.Money(db_default=0.0, default=0.0, null=True, verbose_name='cost a use')),
                ('latency_p50', security.columns.numbers.Millis(db_default=0, default=0, null=True, verbose_name='median latency')),
                ('latency_p95', security.columns.numbers.Millis(db_default=0, default=0, null=True, verbose_name='95 % latency')),
                ('unique_tenants', security.columns.numbers.Int(db_default=0, default=0, null=True, verbose_name='tenants')),
            ],
            options={
                'verbose_name': 'skill metrics by day',
                'verbose_name_plural': 'skill metrics by day',
                'db_table': 'skill_metrics_daily',
                'indexes': [security.contract.Index(fields=['skill', '-date'], name='idx_metrics_skill_date'), security.contract.Index(fields=['context_hash', '-date'], name='idx_metrics_context'), security.contract.Index(fields=['-date', '-skill', '-context_hash'], name='nds_skill_metrics_newest')],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='ContentTemplate',
            fields=[
                ('template_id', security.columns.texts.Text(default=security.columns.keys.new_key, primary_key=True, serialize=False, verbose_name='id')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenants.tenant')),
                ('name', security.columns.texts.Text()),
                ('template_type', security.columns.texts.Text(choices=[('social_post', 'Social post'), ('ad', 'Ad'), ('story', 'Story'), ('email', 'E-mail')], verbose_name='type')),
                ('platform', security.columns.texts.Text(choices=[('linkedin', 'LinkedIn'), ('twitter', 'Twitter'), ('instagram', 'Instagram'), ('facebook', 'Facebook'), ('all', 'All platforms')])),
                ('structure', security.columns.documents.Json()),
                ('constraints', security.columns.documents.Json(blank=True, null=True)),
                ('default_copy_blocks', security.columns.documents.Json(blank=True, null=True)),
                ('use_count', security.columns.numbers.Int(db_default=0, default=0, null=True, verbose_name='uses')),
                ('last_used_at', security.columns.times.Time(blank=True, null=True, verbose_name='last used')),
                ('created_at', security.columns.times.Time(db_default=security.columns.times.CurrentTimestamp(), default=security.columns.times.now, null=True, verbose_name='created')),
                ('updated_at', security.columns.times.Time(db_default=security.columns.times.CurrentTimestamp(), default=security.columns.times.now, null=True, verbose_name='updated')),
                ('status', security.columns.texts.Text(choices=[('active', 'Active'), ('archived', 'Archived')], db_default='active', default='active', null=True)),
            ],
            options={
                'db_table': 'content_templates',
                'indexes': [security.contract.Index(fields=['tenant'], name='idx_templates_tenant'), security.contract.Index(fields=['platform', 'status'], name='idx_templates_platform'), security.contract.Index(fields=['template_type', 'status'], name='idx_templates_type')],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='GeneratedContent',
            fields=[
                ('content_id', security.columns.texts.Text(default=security.columns.keys.new_key, primary_key=True, serialize=False, verbose_name='id')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenants.tenant')),
                ('intent_spec', security.columns.documents.Json(verbose_name='intent')),
                ('skill', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='content.skill')),
                ('skill_version', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='content.skillversion')),
                ('template', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='content.contenttemplate')),
                ('content_type', security.columns.texts.Text(choices=[('text', 'Text'), ('image', 'Image'), ('text+image', 'Text and image'), ('video', 'Video')], verbose_name='type')),
                ('text_content', security.columns.texts.LongText(blank=True, null=True, verbose_name='text')),
                ('image_url', security.columns.texts.Text(blank=True, null=True, verbose_name='image')),
                ('video_url', security.columns.texts.Text(blank=True, null=True, verbose_name='video')),
                ('hashtags', security.columns.documents.Json(blank=True, null=True)),
                ('brand_voice_score', security.columns.numbers.Rate(blank=True, null=True, verbose_name='brand voice')),
                ('guard_pass_rate', security.columns.numbers.Rate(blank=True, null=True, verbose_name='guards passed')),
                ('guards_passed', security.columns.numbers.Int(blank=True, null=True, verbose_name='passed guards')),
                ('guards_failed', security.columns.numbers.Int(blank=True, null=True, verbose_name='failed guards')),
                ('cost', security.columns.numbers.Money(blank=True, null=True)),
                ('generation_time_ms', security.columns.numbers.Millis(blank=True, null=True, verbose_name='generation time')),
                ('model_used', security.columns.texts.Text(blank=True, null=True, verbose_name='model')),
                ('user_selected', security.columns.numbers.Bool(db_default=False, default=False, null=True, verbose_name='selected')),
                ('user_approved', security.columns.numbers.Bool(db_default=False, default=False, null=True, verbose_name='approved')),
                ('created_at', security.columns.times.Time(db_default=security.columns.times.CurrentTimestamp(), default=security.columns.times.now, null=True, verbose_name='created')),
            ],
            options={
                'verbose_name_plural': 'generated content',
                'db_table': 'generated_content',
                'indexes': [security.contract.Index(fields=['tenant', '-created_at'], name='idx_generated_content_tenant'), security.contract.Index(fields=['skill'], name='idx_generated_content_skill'), security.contract.Index(condition=models.Q(('user_selected', True)), fields=['user_selected'], name='idx_generated_content_selected'), security.contract.Index(fields=['-created_at', '-content_id'], name='nds_generated_content_newest'), security.contract.Index(fields=['skill_version'], name='nds_generated_content_version'), security.contract.Index(fields=['template'], name='nds_generated_content_template')],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='RevisionEvent',
            fields=[
                ('event_id', security.columns.texts.Text(default=security.columns.keys.new_key, primary_key=True, serialize=False, verbose_name='id')),
                ('request_id', security.columns.texts.Text(verbose_name='request')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenants.tenant')),
                ('content', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='content.generatedcontent')),
                ('skill', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='content.skill')),
                ('skill_version', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='content.skillversion')),
                ('classification', security.columns.texts.Text(choices=[('defect', 'Defect'), ('preference', 'Preference')])),
                ('confidence', security.columns.numbers.Rate(blank=True, null=True)),
                ('labels_defect', security.columns.documents.Json(blank=True, null=True, verbose_name='defects')),
                ('labels_preference', security.columns.documents.Json(blank=True, null=True, verbose_name='preferences')),
                ('user_notes', security.columns.texts.LongText(blank=True, null=True, verbose_name='notes')),
                ('revision_type', security.columns.texts.Text(choices=[('regenerate', 'Regenerated'), ('manual_edit', 'Edited by hand'), ('approved', 'Approved')], verbose_name='revision')),
                ('created_at', security.columns.times.Time(db_default=security.columns.times.CurrentTimestamp(), default=security.columns.times.now, null=True, verbose_name='created')),
            ],
            options={
                'db_table': 'revision_events',
                'indexes': [security.contract.Index(fields=['skill'], name='idx_revision_events_skill'), security.contract.Index(fields=['tenant', '-created_at'], name='idx_revision_events_tenant'), security.contract.Index(fields=['classification'], name='idx_revision_events_classification'), security.contract.Index(fields=['-created_at', '-event_id'], name='nds_revision_events_newest'), security.contract.Index(fields=['content'], name='nds_revision_events_content'), security.contract.Index(fields=['skill_version'], name='nds_revision_events_version')],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='PostConfiguration',
            fields=[
                ('config_id', security.columns.texts.Text(default=security.columns.keys.new_key, primary_key=True, serialize=False, verbose_name='id')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenants.tenant')),
                ('name', security.columns.texts.Text()),
                ('platforms', security.columns.documents.Json()),
                ('auto_generate_hashtags', security.columns.numbers.Bool(db_default=True, default=True, null=True, verbose_name='writes hashtags')),
                ('max_hashtags_per_platform', security.columns.documents.Json(blank=True, null=True, verbose_name='hashtags at most')),
                ('include_cta', security.columns.numbers.Bool(db_default=True, default=True, null=True, verbose_name='call to action')),
                ('cta_default', security.columns.texts.Text(blank=True, null=True, verbose_name='default call to action')),
                ('best_posting_times', security.columns.documents.Json(blank=True, null=True)),
                ('timezone', security.columns.texts.Text(db_default='UTC', default='UTC', null=True, verbose_name='time zone')),
                ('min_brand_voice_score', security.columns.numbers.Rate(db_default=0.8, default=0.8, null=True, verbose_name='brand voice at least')),
                ('require_guard_pass', security.columns.numbers.Bool(db_default=True, default=True, null=True, verbose_name='guards must pass')),
                ('use_count', security.columns.numbers.Int(db_default=0, default=0, null=True, verbose_name='uses')),
                ('last_used_at', security.columns.times.Time(blank=True, null=True, verbose_name='last used')),
                ('created_at', security.columns.times.Time(db_default=security.columns.times.CurrentTimestamp(), default=security.columns.times.now, null=True, verbose_name='created')),
                ('updated_at', security.columns.times.Time(db_default=security.columns.times.CurrentTimestamp(), default=security.columns.times.now, null=True, verbose_name='updated')),
                ('is_default', security.columns.numbers.Bool(db_default=False, default=False, null=True, verbose_name='default')),
                ('status', security.columns.texts.Text(choices=[('active', 'Active'), ('archived', 'Archived')], db_default='active', default='active', null=True)),
            ],
            options={
                'db_table': 'post_configurations',
                'indexes': [security.contract.Index(fields=['tenant'], name='idx_configs_tenant'), security.contract.Index(condition=models.Q(('is_default', True)), fields=['tenant', 'is_default'], name='idx_configs_default')],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='GuardResult',
            fields=[
                ('result_id', security.columns.texts.Text(default=security.columns.keys.new_key, primary_key=True, serialize=False, verbose_name='id')),
                ('request_id', security.columns.texts.Text(verbose_name='request')),
                ('content', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, to='content.generatedcontent')),
                ('guard_id', security.columns.texts.Text(choices=[('text_overlap', 'Text overlap'), ('safe_margin', 'Safe margin'), ('contrast', 'Contrast'), ('logo_protection', 'Logo protection'), ('aspect_ratio', 'Aspect ratio'), ('brand_palette', 'Brand palette'), ('font_size', 'Font size')], verbose_name='guard')),
                ('passed', security.columns.numbers.Bool(db_column='pass')),
                ('metrics_json', security.columns.documents.Json(blank=True, null=True, verbose_name='measured')),
                ('auto_fixed', security.columns.numbers.Bool(db_default=False, default=False, null=True, verbose_name='mended by itself')),
                ('action_taken', security.columns.texts.Text(blank=True, null=True, verbose_name='action')),
                ('created_at', security.columns.times.Time(db_default=security.columns.times.CurrentTimestamp(), default=security.columns.times.now, null=True, verbose_name='created')),
            ],
            options={
                'db_table': 'guard_results',
                'indexes': [security.contract.Index(fields=['request_id'], name='idx_guard_results_request'), security.contract.Index(fields=['guard_id', 'passed'], name='idx_guard_results_guard'), security.contract.Index(fields=['content'], name='idx_guard_results_content'), security.contract.Index(fields=['-created_at', '-result_id'], name='nds_guard_results_newest')],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='BrandKnowledgeEntry',
            fields=[
                ('entry_id', security.columns.texts.Text(default=security.columns.keys.new_key, primary_key=True, serialize=False, verbose_name='id')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenants.tenant')),
                ('title', security.columns.texts.Text()),
                ('entry_type', security.columns.texts.Text(choices=[('guideline', 'Guideline'), ('example', 'Example'), ('faq', 'FAQ'), ('asset', 'Asset')], verbose_name='type')),
                ('category', security.columns.texts.Text(blank=True, choices=[('brand_voice', 'Brand voice'), ('visual_identity', 'Visual identity'), ('messaging', 'Messaging')], null=True)),
                ('content', security.columns.texts.LongText()),
                ('metadata', security.columns.documents.Json(blank=True, null=True)),
                ('embedding', security.columns.binary.Vector(blank=True, dimensions=1536, null=True)),
                ('access_count', security.columns.numbers.Int(db_default=0, default=0, null=True, verbose_name='reads')),
                ('last_accessed_at', security.columns.times.Time(blank=True, null=True, verbose_name='last read')),
                ('created_at', security.columns.times.Time(db_default=security.columns.times.CurrentTimestamp(), default=security.columns.times.now, null=True, verbose_name='created')),
                ('updated_at', security.columns.times.Time(db_default=security.columns.times.CurrentTimestamp(), default=security.columns.times.now, null=True, verbose_name='updated')),
                ('status', security.columns.texts.Text(choices=[('active', 'Active'), ('archived', 'Archived')], db_default='active', default='active', null=True)),
            ],
            options={
                'verbose_name': 'knowledge entry',
                'verbose_name_plural': 'knowledge entries',
                'db_table': 'brand_knowledge_entries',
                'indexes': [security.contract.Index(fields=['tenant', 'status'], name='idx_knowledge_tenant'), security.contract.Index(fields=['category', 'status'], name='idx_knowledge_category')],
                'constraints': [],
            },
        ),
    ]
