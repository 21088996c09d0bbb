"""Taking in a pipeline's database: a ``wrangler d1 export`` dump or an SQLite file.

Nothing of the file is executed on our database. Its rows are first put into a scratch database (`scanner` and
`dump`, or `sqlite_file`), looked at and mended there (`regions`, `orphans`, `oddities`), and only what is sound is
copied over (`loading`), in one transaction. What was odd is in the `report`.
"""
