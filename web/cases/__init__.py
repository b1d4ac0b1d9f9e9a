"""The section of cases: list, file, record, begin, API."""
