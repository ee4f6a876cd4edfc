"""vitreous: see structure in glass."""
