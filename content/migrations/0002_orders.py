"""Orders of lists, with an index each."""

import security.columns.places
import security.contract
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('content', '0001_initial'),
        ('tenants', '0002_orders'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='generatedcontent',
            name='nds_generated_content_newest',
        ),
        migrations.RemoveIndex(
            model_name='generatedcontent',
            name='nds_generated_content_version',
        ),
        migrations.RemoveIndex(
            model_name='generatedcontent',
            name='nds_generated_content_template',
        ),
        migrations.RemoveIndex(
            model_name='guardresult',
            name='nds_guard_results_newest',
        ),
        migrations.RemoveIndex(
            model_name='revisionevent',
            name='nds_revision_events_newest',
        ),
        migrations.RemoveIndex(
            model_name='revisionevent',
            name='nds_revision_events_content',
        ),
        migrations.RemoveIndex(
            model_name='revisionevent',
            name='nds_revision_events_version',
        ),
        migrations.RemoveIndex(
            model_name='skill',
            name='nds_skills_parent',
        ),
        migrations.RemoveIndex(
            model_name='skillmetricsdaily',
            name='nds_skill_metrics_newest',
        ),
        migrations.AddIndex(
            model_name='brandknowledgeentry',
            index=security.contract.Index(models.OrderBy(security.columns.places.Place(security.columns.places.Moment('created_at'), 'entry_id'), descending=True), name='nds_brand_knowledge_entries_by_created_at'),
        ),
        migrations.AddIndex(
            model_name='brandknowledgeentry',
            index=security.contract.Index(models.F('tenant'), models.OrderBy(security.columns.places.Place(security.columns.places.Moment('created_at'), 'entry_id'), descending=True), name='nds_brand_knowledge_entries_by_created_at_in_tenant'),
        ),
        migrations.AddIndex(
            model_name='brandknowledgeentry',
            index=security.contract.Index(models.OrderBy(security.columns.places.Place(security.columns.places.Folded('title'), 'entry_id'), descending=True), name='nds_brand_knowledge_entries_by_title'),
        ),
        migrations.AddIndex(
            model_name='brandknowledgeentry',
            index=security.contract.Index(models.F('tenant'), models.OrderBy(security.columns.places.Place(security.columns.places.Folded('title'), 'entry_id'), descending=True), name='nds_brand_knowledge_entries_by_title_in_tenant'),
        ),
        migrations.AddIndex(
            model_name='contenttemplate',
            index=security.contract.Index(models.OrderBy(security.columns.places.Place(security.columns.places.Moment('created_at'), 'template_id'), descending=True), name='nds_content_templates_by_created_at'),
        ),
        migrations.AddIndex(
            model_name='contenttemplate',
            index=security.contract.Index(models.F('tenant'), models.OrderBy(security.columns.places.Place(security.columns.places.Moment('created_at'), 'template_id'), descending=True), name='nds_content_templates_by_created_at_in_tenant'),
        ),
        migrations.AddIndex(
            model_name='contenttemplate',
            index=security.contract.Index(models.OrderBy(security.columns.places.Place(security.columns.places.Folded('name'), 'template_id'), descending=True), name='nds_content_templates_by_name'),
        ),
        migrations.AddIndex(
            model_name='contenttemplate',
            index=security.contract.Index(models.F('tenant'), models.OrderBy(security.columns.places.Place(security.columns.places.Folded('name'), 'template_id'), descending=True), name='nds_content_templates_by_name_in_tenant'),
        ),
        migrations.AddIndex(
            model_name='contenttemplate',
            index=security.contract.Index(models.OrderBy(security.columns.places.Place(security.columns.places.Amount('use_count'), 'template_id'), descending=True), name='nds_content_templates_by_use_count'),
        ),
        migrations.AddIndex(
            model_name='contenttemplate',
            index=security.contract.Index(models.F('tenant'), models.OrderBy(security.columns.places.Place(security.columns.places.Amount('use_count'), 'template_id'), descending=True), name='nds_content_templates_by_use_count_in_tenant'),
        ),
        migrations.AddIndex(
            model_name='generatedcontent',
            index=security.contract.Index(models.OrderBy(security.columns.places.Place(security.columns.places.Moment('created_at'), 'content_id'), descending=True), name='nds_generated_content_by_created_at'),
        ),
        migrations.AddIndex(
            model_name='generatedcontent',
            index=security.contract.Index(models.F('tenant'), models.OrderBy(security.columns.places.Place(security.columns.places.Moment('created_at'), 'content_id'), descending=True), name='nds_generated_content_by_created_at_in_tenant'),
        ),
        migrations.AddIndex(
            model_name='generatedcontent',
            index=security.contract.Index(models.F('skill'), models.OrderBy(security.columns.places.Place(security.columns.places.Moment('created_at'), 'content_id'), descending=True), name='nds_generated_content_by_created_at_in_skill'),
        ),
        migrations.AddIndex(
            model_name='generatedcontent',
            index=security.contract.Index(models.F('skill_version'), models.OrderBy(security.columns.places.Place(security.columns.places.Moment('created_at'), 'content_id'), descending=True), name='nds_generated_content_by_created_at_in_skill_version'),
        ),
        migrations.AddIndex(
            model_name='generatedcontent',
            index=security.contract.Index(models.F('template'), models.OrderBy(security.columns.places.Place(security.columns.places.Moment('created_at'), 'content_id'), descending=True), name='nds_generated_content_by_created_at_in_template'),
        ),
        migrations.AddIndex(
            model_name='generatedcontent',
            index=security.contract.Index(models.OrderBy(security.columns.places.Place(security.columns.places.Amount('brand_voice_score'), 'content_id'), descending=True), name='nds_generated_content_by_brand_voice_score'),
        ),
        migrations.AddIndex(
            model_name='generatedcontent',
            index=security.contract.Index(models.F('tenant'), models.OrderBy(security.columns.places.Place(security.columns.places.Amount('brand_voice_score'), 'content_id'), descending=True), name='nds_generated_content_by_brand_voice_score_in_tenant'),
        ),
        migrations.AddIndex(
            model_name='generatedcontent',
            index=security.contract.Index(models.OrderBy(security.columns.places.Place(security.columns.places.Amount('cost'), 'content_id'), descending=True), name='nds_generated_content_by_cost'),
        ),
        migrations.AddIndex(
            model_name='generatedcontent',
            index=security.contract.Index(models.F('tenant'), models.OrderBy(security.columns.places.Place(security.columns.places.Amount('cost'), 'content_id'), descending=True), name='nds_generated_content_by_cost_in_tenant'),
        ),
        migrations.AddIndex(
            model_name='guardresult',
            index=security.contract.Index(models.OrderBy(security.columns.places.Place(security.columns.places.Moment('created_at'), 'result_id'), descending=True), name='nds_guard_results_by_created_at'),
        ),
        migrations.AddIndex(
            model_name='guardresult',
            index=security.contract.Index(models.F('content'), models.OrderBy(security.columns.places.Place(security.columns.places.Moment('created_at'), 'result_id'), descending=True), name='nds_guard_results_by_created_at_in_content'),
        ),
        migrations.AddIndex(
            model_name='guardresult',
            index=security.contract.Index(models.F('request_id'), models.OrderBy(security.columns.places.Place(security.columns.places.Moment('created_at'), 'result_id'), descending=True), name='nds_guard_results_by_created_at_in_request_id'),
        ),
        migrations.AddIndex(
            model_name='guardresult',
            index=security.contract.Index(models.F('guard_id'), models.OrderBy(security.columns.places.Place(security.columns.places.Moment('created_at'), 'result_id'), descending=True), name='nds_guard_results_by_created_at_in_guard_id'),
        ),
        migrations.AddIndex(
            model_name='guardresult',
            index=security.contract.Index(models.F('passed'), models.OrderBy(security.columns.places.Place(security.columns.places.Moment('created_at'), 'result_id'), descending=True), condition=models.Q(('passed', False)), name='nds_guard_results_by_created_at_failed'),
        ),
        migrations.AddIndex(
            model_name='postconfiguration',
            index=security.contract.Index(models.OrderBy(security.columns.places.Place(security.columns.places.Moment('created_at'), 'config_id'), descending=True), name='nds_post_configurations_by_created_at'),
        ),
        migrations.AddIndex(
            model_name='postconfiguration',
            index=security.contract.Index(models.F('tenant'), models.OrderBy(security.columns.places.Place(security.columns.places.Moment('created_at'), 'config_id'), descending=True), name='nds_post_configurations_by_created_at_in_tenant'),
        ),
        migrations.AddIndex(
            model_name='postconfiguration',
            index=security.contract.Index(models.OrderBy(security.columns.places.Place(security.columns.places.Folded('name'), 'config_id'), descending=True), name='nds_post_configurations_by_name'),
        ),
        migrations.AddIndex(
            model_name='postconfiguration',
            index=security.contract.Index(models.F('tenant'), models.OrderBy(security.columns.places.Place(security.columns.places.Folded('name'), 'config_id'), descending=True), name='nds_post_configurations_by_name_in_tenant'),
        ),
        migrations.AddIndex(
            model_name='revisionevent',
            index=security.contract.Index(models.OrderBy(security.columns.places.Place(security.columns.places.Moment('created_at'), 'event_id'), descending=True), name='nds_revision_events_by_created_at'),
        ),
        migrations.AddIndex(
            model_name='revisionevent',
            index=security.contract.Index(models.F('tenant'), models.OrderBy(security.columns.places.Place(security.columns.places.Moment('created_at'), 'event_id'), descending=True), name='nds_revision_events_by_created_at_in_tenant'),
        ),
        migrations.AddIndex(
            model_name='revisionevent',
            index=security.contract.Index(models.F('content'), models.OrderBy(security.columns.places.Place(security.columns.places.Moment('created_at'), 'event_id'), descending=True), name='nds_revision_events_by_created_at_in_content'),
        ),
        migrations.AddIndex(
            model_name='revisionevent',
            index=security.contract.Index(models.F('skill'), models.OrderBy(security.columns.places.Place(security.columns.places.Moment('created_at'), 'event_id'), descending=True), name='nds_revision_events_by_created_at_in_skill'),
        ),
        migrations.AddIndex(
            model_name='revisionevent',
            index=security.contract.Index(models.F('skill_version'), models.OrderBy(security.columns.places.Place(security.columns.places.Moment('created_at'), 'event_id'), descending=True), name='nds_revision_events_by_created_at_in_skill_version'),
        ),
        migrations.AddIndex(
            model_name='skill',
            index=security.contract.Index(models.OrderBy(security.columns.places.Place(security.columns.places.Moment('created_at'), 'skill_id'), descending=True), name='nds_skills_by_created_at'),
        ),
        migrations.AddIndex(
            model_name='skill',
            index=security.contract.Index(models.F('visibility'), models.OrderBy(security.columns.places.Place(security.columns.places.Moment('created_at'), 'skill_id'), descending=True), name='nds_skills_by_created_at_in_visibility'),
        ),
        migrations.AddIndex(
            model_name='skill',
            index=security.contract.Index(models.F('parent_skill'), models.OrderBy(security.columns.places.Place(security.columns.places.Moment('created_at'), 'skill_id'), descending=True), name='nds_skills_by_created_at_in_parent_skill'),
        ),
        migrations.AddIndex(
            model_name='skill',
            index=security.contract.Index(models.OrderBy(security.columns.places.Place(security.columns.places.Folded('name'), 'skill_id'), descending=True), name='nds_skills_by_name'),
        ),
        migrations.AddIndex(
            model_name='skill',
            index=security.contract.Index(models.F('visibility'), models.OrderBy(security.columns.places.Place(security.columns.places.Folded('name'), 'skill_id'), descending=True), name='nds_skills_by_name_in_visibility'),
        ),
        migrations.AddIndex(
            model_name='skillembedding',
            index=security.contract.Index(models.OrderBy(security.columns.places.Place(security.columns.places.Moment('created_at'), 'embedding_id'), descending=True), name='nds_skill_embeddings_by_created_at'),
        ),
        migrations.AddIndex(
            model_name='skillembedding',
            index=security.contract.Index(models.F('skill'), models.OrderBy(security.columns.places.Place(security.columns.places.Moment('created_at'), 'embedding_id'), descending=True), name='nds_skill_embeddings_by_created_at_in_skill'),
        ),
        migrations.AddIndex(
            model_name='skillmetricsdaily',
            index=security.contract.Index(models.OrderBy(security.columns.places.Place(security.columns.places.Plain('date'), 'skill', 'context_hash'), descending=True), name='nds_skill_metrics_daily_by_date'),
        ),
        migrations.AddIndex(
            model_name='skillmetricsdaily',
            index=security.contract.Index(models.F('skill'), models.OrderBy(security.columns.places.Place(security.columns.places.Plain('date'), 'skill', 'context_hash'), descending=True), name='nds_skill_metrics_daily_by_date_in_skill'),
        ),
        migrations.AddIndex(
            model_name='skillmetricsdaily',
            index=security.contract.Index(models.OrderBy(security.columns.places.Place(security.columns.places.Amount('uses'), 'date', 'skill', 'context_hash'), descending=True), name='nds_skill_metrics_daily_by_uses'),
        ),
        migrations.AddIndex(
            model_name='skillmetricsdaily',
            index=security.contract.Index(models.F('skill'), models.OrderBy(security.columns.places.Place(security.columns.places.Amount('uses'), 'date', 'skill', 'context_hash'), descending=True), name='nds_skill_metrics_daily_by_uses_in_skill'),
        ),
        migrations.AddIndex(
            model_name='skillversion',
            index=security.contract.Index(models.OrderBy(security.columns.places.Place(security.columns.places.Moment('created_at'), 'skill_version_id'), descending=True), name='nds_skill_versions_by_created_at'),
        ),
        migrations.AddIndex(
            model_name='skillversion',
            index=security.contract.Index(models.F('skill'), models.OrderBy(security.columns.places.Place(security.columns.places.Moment('created_at'), 'skill_version_id'), descending=True), name='nds_skill_versions_by_created_at_in_skill'),
        ),
    ]
