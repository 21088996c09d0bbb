"""``docs/schema.md`` and its picture, written from the models."""
