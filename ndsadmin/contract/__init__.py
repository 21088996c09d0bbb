"""The contract as scripts and as a shape to compare databases by.

The models are the one source. `stages` writes them as the six scripts that ``wrangler d1 execute`` takes, `shape`
reads what a database really holds, `adoption` takes over a database whose shape is right.
"""
