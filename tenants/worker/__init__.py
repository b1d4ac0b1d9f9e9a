"""The process that runs tasks, and the tasks."""
