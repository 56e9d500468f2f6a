"""Proof that the store says what the pages say: every article can be read again from its archived bytes."""
