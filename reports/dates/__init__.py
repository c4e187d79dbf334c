"""Everything with a date: one reader for each noun, for home, the calendar and the feeds.

A reader asks one statement of the rooms below; what nobody with these rights may see is not asked.
"""
