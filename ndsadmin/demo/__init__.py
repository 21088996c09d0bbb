"""Believable data for an empty database: made on the spot, the same each time for the same day, without a network.

`making.make` builds a world in memory, table by table in the order of their keys, and stores it in one transaction;
`scaling.scale` multiplies what is there inside SQLite. Companies and people are invented; addresses end in
``.example`` (RFC 2606), numbers in 203.0.113.0/24 (RFC 5737).
"""
