"""What callers hear: texts in their language, spoken dates and addresses, names by content."""
