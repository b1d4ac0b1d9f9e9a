"""Beginning a case: an application, or a file on paper."""
