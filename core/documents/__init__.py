"""Papers: what a case can have printed, from templates in Word that plugins bring and a county may replace."""
