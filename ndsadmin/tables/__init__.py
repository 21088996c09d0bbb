"""How rows are shown: lists, details, and the cells in them.

`listing` and `detail` make frozen dataclasses out of a table's declaration (``<app>/admin.py``) and a request;
the templates below ``templates/tables/`` draw them. Nothing here decides who may see what: columns come from
`security.modeladmin.TableAdmin.shown_fields`, which asks `security.roles`.
"""
