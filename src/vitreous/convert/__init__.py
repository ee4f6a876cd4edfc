"""Snapshots from and to what other programs hold in Python. None of them is imported but by `to_ase`.

Objects are known by what they have, not by their class. Each becomes a `Frame`, as a file does, and passes the
same gate.
"""
