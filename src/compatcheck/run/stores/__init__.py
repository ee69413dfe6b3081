"""Stores of secrets, asked whether what the project refers to is there. Opens the network, and only when asked to."""
