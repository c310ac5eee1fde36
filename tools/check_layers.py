#!/usr/bin/env python3
"""The layer check: a module includes only modules on floors below it (ARCHITECTURE.md has the table).

Also checked: third-party headers only where the table names them, and sizes (a source over 450 lines, a
header over 250) since a long file is where two concepts met. Exit 1 with one line a finding.
"""
import pathlib
import re
import sys

FLOORS = {
    "base": 0,
    "value": 1, "text": 1, "k8s": 1,
    "api": 2, "gotmpl": 2, "health": 2, "diff": 2,
    "sprig": 3, "helm": 3, "plan": 3,
    "net": 4, "worker": 4, "git": 4,
    "kube": 5, "chartrepo": 5, "jq": 5,
    "source": 6, "live": 6,
    "sync": 7,
    "controller": 8, "appset": 8, "notify": 8,
    "server": 9, "cli": 9,
    "main": 10,
}
# Modules of the same floor that a module may include.
SAME_FLOOR = {
    "k8s": {"value"},
    "helm": {"sprig"},
    "git": {"net", "worker"},
}
# Third-party header prefix -> the modules that may include it ({"*"}: all).
THIRD_PARTY = {
    "fmt/": {"*"},
    "openssl/": {"base", "sprig", "net", "git", "kube"},
    "yaml.h": {"value"},
    "nlohmann/": {"value", "main"},
    "re2/": {"text", "sprig", "helm"},
    "lua": {"health"},
    "archive": {"helm", "chartrepo"},
    "crypt.h": {"sprig"},
    "boost/beast": {"net", "server"},
    "boost/asio": {"net", "kube", "server"},
    "boost/": {"net", "kube", "server", "value"},
    "git2": {"git"},
    "jq.h": {"jq"},
    "yaml-cpp/": {"kube", "main", "cli"},
    "spdlog/": {"main"},
    "prometheus/": {"controller", "server", "kube", "git", "source", "live", "sync", "main"},
    "CLI/": {"cli", "main"},
    "zlib.h": {"helm", "chartrepo", "git"},
}
INCLUDE = re.compile(r'^\s*#\s*include\s+(["<])([^">]+)[">]')
MAX_LINES = {".cpp": 450, ".hpp": 250}


def module_of(path: pathlib.Path, root: pathlib.Path) -> str:
    parts = path.relative_to(root).parts
    return parts[2] if parts[0] == "include" else parts[1]


def third_party_allowed(module: str, header: str) -> bool:
    for prefix in sorted(THIRD_PARTY, key=len, reverse=True):
        if header.startswith(prefix):
            return "*" in THIRD_PARTY[prefix] or module in THIRD_PARTY[prefix]
    return True  # the standard library and the system's headers


def check_include(module: str, quote: str, header: str) -> str | None:
    if header.startswith("tiphys/") or quote == '"':
        parts = header.split("/")
        target = parts[1] if parts[0] == "tiphys" and len(parts) > 2 else parts[0]
        if target not in FLOORS or target == module:
            return None
        if parts[0] != "tiphys":
            return f"includes private header {header} of module {target}"
        if FLOORS[target] < FLOORS[module] or target in SAME_FLOOR.get(module, set()):
            return None
        return f"floor {FLOORS[module]} module {module} includes {header} of floor {FLOORS[target]}"
    if not third_party_allowed(module, header):
        return f"module {module} may not include <{header}>"
    return None


def main() -> int:
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
    findings = []
    files = sorted(list(root.glob("include/tiphys/**/*.hpp")) + list(root.glob("src/**/*.[ch]pp")))
    for path in files:
        module = module_of(path, root)
        name = path.relative_to(root)
        if module not in FLOORS:
            findings.append(f"{name}: unknown module {module}")
            continue
        lines = path.read_text(encoding="utf-8").splitlines()
        if len(lines) > MAX_LINES[path.suffix]:
            findings.append(f"{name}: {len(lines)} lines, at most {MAX_LINES[path.suffix]}")
        for number, line in enumerate(lines, 1):
            match = INCLUDE.match(line)
            finding = match and check_include(module, match.group(1), match.group(2))
            if finding:
                findings.append(f"{name}:{number}: {finding}")
    print("\n".join(findings) if findings else f"{len(files)} files, no layer is crossed")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
