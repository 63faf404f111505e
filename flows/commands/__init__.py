"""The commands of `samlad`, a module per kind of work; `cli.py` puts them together."""
