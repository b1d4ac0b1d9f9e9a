"""Running the platform: settings, the embedded servers, the commands. See README.md."""
