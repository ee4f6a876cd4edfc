"""How strongly a structural quantity and a dynamical one go together, and how sure that is."""
