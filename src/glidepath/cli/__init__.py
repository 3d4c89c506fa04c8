"""The command line: parse, call, display."""
