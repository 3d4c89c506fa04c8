"""Pin the requirement files with hashes and without index addresses.

    python -m tools.pin

`plan.txt` is what `make plan` needs, `test.txt` what `make test` needs, `mutants.txt` what `make mutants` needs. Uses
uv, which is in the test extras of nobody: it is fetched into a temporary environment.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FILES = {"plan.txt": ("paper", "sheets", "simulate"), "test.txt": ("test",), "mutants.txt": ("mutants",)}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder) / "bin" / "python"
        subprocess.run([python, "-m", "pip", "install", "--quiet", "uv"], check=True)
        for name, extras in FILES.items():
            command = [str(python), "-m", "uv", "pip", "compile", "pyproject.toml", "requirements/build.in"]
            for extra in extras:
                command += ["--extra", extra]
            command += ["--no-header", "--no-emit-index-url", "--generate-hashes", "--universal", "--quiet"]
            command += ["--python-version", "3.11", "--no-annotate", "--output-file", f"requirements/{name}"]
            subprocess.run(command, check=True, cwd=ROOT)
            print(f"wrote requirements/{name}")


if __name__ == "__main__":
    sys.exit(main())
