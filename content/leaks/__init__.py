"""The leak scan: a tenant's brand searched in what a skill says, before others may read it (domain.md, Skills)."""

from content.leaks.scanning import Hit, Text, TooLong, scan
from content.leaks.terms import Material, Term, TermKind, Terms, terms_of

__all__ = ["Hit", "Material", "Term", "TermKind", "Terms", "Text", "TooLong", "scan", "terms_of"]
