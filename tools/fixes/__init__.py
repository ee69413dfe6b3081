"""Proofs of `compatcheck fix`: examples on real interpreters, generated programs, and packages taken to old Pythons."""
