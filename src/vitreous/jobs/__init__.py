"""The main jobs, each one call: what the commands compute, without their files."""
