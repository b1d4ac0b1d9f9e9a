"""文书模板: the templates of papers, which a county may replace."""
