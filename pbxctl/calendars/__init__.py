"""Calendars of others, read at the edge: bounded in size and time, the last good copy kept."""
