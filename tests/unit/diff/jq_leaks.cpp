// libjq 1.6 loses a few bytes while it reads some expressions of the vectors; its workers are
// disposable. What we do with its values is tested in unit/jq, where every leak counts.
// NOLINTNEXTLINE(bugprone-reserved-identifier): the name that the leak checker asks for
extern "C" const char* __lsan_default_suppressions();
// NOLINTNEXTLINE(bugprone-reserved-identifier)
extern "C" const char* __lsan_default_suppressions() { return "leak:jv_mem_alloc\n"; }
