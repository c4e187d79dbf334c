"""What is past its rule, and erasing it: one file for each kind of record."""
