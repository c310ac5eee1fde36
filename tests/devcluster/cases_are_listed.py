"""Compares the cases of lifetime_test.py with those that CMakeLists.txt runs, given as a CMake list."""
import sys
import unittest

import lifetime_test

present = {f"test_{name}" for name in sys.argv[1].split(";")}
expected = set(unittest.TestLoader().getTestCaseNames(lifetime_test.Lifetime))
if present != expected:
    sys.exit(f"CMakeLists.txt and lifetime_test.py differ in: {sorted(present ^ expected)}")
