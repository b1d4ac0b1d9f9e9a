"""后台任务: what runs for this county, how far it is, and what came of it."""
