"""`python -m compatcheck`."""

import sys

from compatcheck.cli import main

if __name__ == "__main__":
    sys.exit(main())
