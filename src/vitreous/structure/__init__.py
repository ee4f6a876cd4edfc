"""What can be said of given particles: neighbours, bond order, local averages."""
