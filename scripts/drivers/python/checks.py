"""What the programs of this folder share: the lines that they print, and the rows that they write."""

import faulthandler
import os
import subprocess
import sys
import traceback

SECONDS_MAX = 60

# Whether the proxy can be started again; plain PostgreSQL is not.
CAN_RESTART = "PGRING_RESTART" in os.environ

# How many clients at once: PostgreSQL alone takes no more than 100.
CROWD = 200 if CAN_RESTART else 40

TABLES = ("kv", "typed", "devices", "countries", "notes")


class Checks:
    """Runs checks and prints a line for each."""

    def __init__(self, driver, version):
        self.failed = 0
        faulthandler.enable()
        self._print(f"driver {driver} {version}")

    def _print(self, line):
        print(line, flush=True)

    def check(self, feature, name, run):
        """Runs one check. A program that hangs is ended with the place where it does."""
        faulthandler.dump_traceback_later(SECONDS_MAX, exit=True)
        try:
            run()
        except Exception as error:  # whatever it is, it is told
            self._fail(feature, name, error)
        else:
            self._print(f"ok {feature}: {name}")
        finally:
            faulthandler.cancel_dump_traceback_later()

    async def check_async(self, feature, name, run):
        faulthandler.dump_traceback_later(SECONDS_MAX, exit=True)
        try:
            await run()
        except Exception as error:
            self._fail(feature, name, error)
        else:
            self._print(f"ok {feature}: {name}")
        finally:
            faulthandler.cancel_dump_traceback_later()

    def _fail(self, feature, name, error):
        state = getattr(error, "sqlstate", None) or getattr(error, "pgcode", None)
        # What the proxy refuses in so many words is no failure, but shown.
        refused = CAN_RESTART and state == "0A000"
        self.failed += not refused
        text = f"{type(error).__name__} {error}".replace("\n", " ")
        self._print(f"{'refused' if refused else 'FAIL'} {feature}: {name}: {text}" + (f" [{state}]" if state else ""))
        if "PGRING_TRACE" in os.environ:
            traceback.print_exception(error, file=sys.stdout)

    def skip(self, feature, name, reason):
        self._print(f"skip {feature}: {name}: {reason}".replace("\n", " "))

    def finish(self):
        sys.exit(1 if self.failed else 0)


def same(actual, expected):
    if actual != expected:
        raise AssertionError(f"{actual!r} is not {expected!r}")


def keys(prefix, count):
    """Keys that lie on several shards, whatever the ring."""
    return [f"{prefix}-{i}" for i in range(count)]


def of_all(all_keys):
    return [f"of {key}" for key in all_keys]


def restart():
    subprocess.run(os.environ["PGRING_RESTART"], shell=True, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
