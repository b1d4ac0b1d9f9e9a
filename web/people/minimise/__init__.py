"""Minimising what is held only to reach people: the years, the list, two signatures."""
