"""An engine in a process of its own: child.py URL SERVICE_ID FILE.sql; says "idle" when all input is processed."""

import sys
from pathlib import Path

import headrace

if __name__ == "__main__":
    url, service_id, script = sys.argv[1:]
    with headrace.open(url, service_id=service_id) as engine:
        if not any(status.id.startswith("C") for status in engine.queries()):
            engine.execute(Path(script).read_text())
        engine.wait_idle()
        print("idle", flush=True)
        sys.stdin.read()
