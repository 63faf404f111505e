"""Readers of foreign files; each judges nothing and gives every value its place."""
