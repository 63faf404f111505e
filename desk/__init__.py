"""The data steward's desk: shows findings, calls the same acts as the command line."""
