"""What happens, in which order and when: settings, steps, command line, Prefect."""
