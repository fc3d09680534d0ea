"""Ask whether a known weakness is in what requirements.txt pins: `python .ci/audit.py` in an environment with
pip-audit. Status 1 if one is; where the database cannot be reached, it says so and the status is 0."""

import json
import subprocess
import sys


def main() -> int:
    """The status."""
    command = [sys.executable, "-m", "pip_audit", "-r", "requirements.txt", "--no-deps", "--disable-pip"]
    try:
        asked = subprocess.run(
            [*command, "--format", "json", "--progress-spinner", "off"],
            capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
        found = json.loads(asked.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        print("audit: the database could not be asked; nothing was audited")
        return 0
    looked_up = [one for one in found if "skip_reason" not in one]
    weak = [one for one in looked_up if one["vulns"]]
    for one in weak:
        names = ", ".join(weakness["id"] for weakness in one["vulns"])
        print(f"audit: {one['name']} {one['version']}: {names}")
    share = f"{len(looked_up)} of {len(found)} packages"
    print(f"audit: {share} could be looked up, {len(weak)} have a known weakness")
    return 1 if weak else 0


if __name__ == "__main__":
    sys.exit(main())
