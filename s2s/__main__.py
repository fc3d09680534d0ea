"""python -m s2s"""

try:
    import os
    import signal
    import sys
except KeyboardInterrupt:
    raise SystemExit(130) from None

_INTERRUPTED = 130  # the status of a program that Ctrl-C has ended


def main() -> int:
    """The command that the program's arguments name; its exit status."""
    is_heard = signal.getsignal(signal.SIGINT) is signal.default_int_handler  # not so in the background
    if is_heard:  # in the middle of an import an exception would come out as another, or with a traceback
        signal.signal(signal.SIGINT, lambda *_: os._exit(_INTERRUPTED))
    from s2s.cli import main as run
    from s2s.cli.streams import prepare

    prepare()
    if is_heard:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    return run()


if __name__ == "__main__":
    sys.exit(main())
