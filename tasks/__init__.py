"""The steps as plain functions: receive, read, validate, merge, compose, render, publish."""
