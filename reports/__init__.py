"""What we show on paper and on the vendor's page. Reads every room below, writes to none.

Owns the dossier, its frozen form, the PDF, the register of issued reports, and the calendar.
"""
