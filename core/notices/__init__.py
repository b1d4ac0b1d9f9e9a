"""What somebody is told: reminders and news, each once, made from the same lists that he works by."""
