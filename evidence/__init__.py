"""Files that prove something, encrypted before they touch the disk.

Owns intake, kinds, dates of validity, storage and reading back.
It does not know which answer cites a file.
"""
