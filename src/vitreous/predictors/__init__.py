"""Everything that is known to predict where particles go, on the same snapshots, in pairs."""
