"""The list of cases: filters, columns, export."""
