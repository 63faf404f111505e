"""Jinja2 templates, style sheets and fonts; a package only so that they ship."""
