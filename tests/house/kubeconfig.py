"""An exported KUBECONFIG is used by no target of the Makefile: none passes it on to what it starts."""
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(sys.argv[1])


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        probe = pathlib.Path(folder) / "probe.mk"
        probe.write_text(f"include {ROOT}/Makefile\nprobe:\n\t@echo \"KUBECONFIG=$${{KUBECONFIG-unset}}\"\n")
        out = subprocess.run(["make", "-s", "-f", str(probe), "probe"], cwd=ROOT, capture_output=True, text=True,
                             check=True, env={"PATH": "/usr/bin:/bin", "KUBECONFIG": "/somebody/elses"}).stdout
    print(out.strip())
    return 0 if out.strip() == "KUBECONFIG=unset" else 1


if __name__ == "__main__":
    sys.exit(main())
