"""The whole experiment from one file: simulate, measure, train, correlate, explain, for all three glass formers."""
