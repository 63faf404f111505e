"""What the city expects: contract, registers, rules, suites and verdicts."""
