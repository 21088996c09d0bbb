"""How the privacy zones are named and coloured."""

from dataclasses import dataclass

from security.contract import Privacy


@dataclass(frozen=True, slots=True)
class Zone:
    meaning: str
    fill: str
    stroke: str


ZONES = {
    Privacy.TENANT: Zone("rows of one tenant", "#e4f1ed", "#0b6153"),
    Privacy.PARENT: Zone("the tenant of the row it hangs on", "#eaf3e1", "#4a6a17"),
    Privacy.SKILL: Zone("global skills, and the tenant's own", "#e6edfa", "#2b4c9b"),
    Privacy.KANON: Zone("own private skills; others only as published periods (K at least 5)", "#f0e8fa", "#64359b"),
    Privacy.NULLABLE: Zone("own rows; rows without a tenant belong to the platform", "#fbf0dc", "#8a5a00"),
    Privacy.PLATFORM: Zone("the platform's alone", "#eeeeea", "#55584f"),
}
