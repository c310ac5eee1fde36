"""The parts of tools/devcluster: a real control plane on loopback ports, for development and tests."""
