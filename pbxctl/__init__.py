"""pbxctl: one fixed weekday without telephone, on the company's own PBX."""

__version__ = "0.1.0"
