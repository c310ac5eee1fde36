"""How a helper program talks to the test: a JSON object a line on stdin, one a line back on stdout."""
import json
import os
import sys
import threading


def say(answer: dict) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def serve_orders(handle) -> None:
    """Calls handle(order) for each line until stdin ends, which ends the program."""
    for line in sys.stdin:
        try:
            say(handle(json.loads(line)) or {})
        except Exception as error:  # told to the test, which fails there
            say({"error": f"{type(error).__name__}: {error}"})
    os._exit(0)


def serve_orders_in_thread(handle) -> None:
    threading.Thread(target=serve_orders, args=(handle,), daemon=True).start()
