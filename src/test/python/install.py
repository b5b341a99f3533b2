"""Installs camunda_dask as users do, but for what it needs.

usage: install.py PAGE TARGET
"""

import subprocess
import sys

page, target = sys.argv[1:]
pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--no-index", "--no-deps"]
subprocess.run([*pip, "--find-links", page, "--target", target, "camunda_dask"], check=True)
program = f"import sys; sys.path.insert(0, {target!r}); import camunda_dask; print(camunda_dask.__file__)"
there = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout
if not there.startswith(target):
    raise SystemExit(f"it is not what was installed: {there}")
