"""`compatcheck secrets`: hard-coded secrets, `.env` files, what the code reads, and stores of secrets."""

from __future__ import annotations

import argparse
import os
from functools import partial
from typing import TYPE_CHECKING

from compatcheck.cli.exits import INCOMPLETE, UsageMistakes
from compatcheck.cli.options import CODE_ONLY, add_options
from compatcheck.cli.parser import add_command
from compatcheck.cli.streams import tell

if TYPE_CHECKING:
    from collections.abc import Mapping

    from compatcheck.cli.parser import Commands
    from compatcheck.project import Project
    from compatcheck.run.stores.store import Store
    from compatcheck.run.subject import ProjectCheck

_EXAMPLES = """\
examples:
  compatcheck secrets
  compatcheck secrets --vault                   # VAULT_ADDR and VAULT_TOKEN say where and who
  compatcheck secrets --aws --format json deploy

Addresses and credentials of stores are the command line's and the environment's, never the project's. Values of secrets
are shown nowhere.
"""


def add_parser(commands: Commands) -> None:
    parser = add_command(commands, "secrets", "Check for secrets in files, .env files, and stores of secrets.")
    parser.epilog = _EXAMPLES
    parser.add_argument("paths", metavar="PATH", nargs="*", help="files and folders (default: .)")
    stores = parser.add_argument_group("stores of secrets")
    stores.add_argument(
        "--vault", action="store_true", help="ask Vault or OpenBao whether each vault:path#key is there"
    )
    stores.add_argument("--vault-address", metavar="URL", help="where it is, in place of VAULT_ADDR or BAO_ADDR")
    stores.add_argument("--aws", action="store_true", help="ask AWS Secrets Manager whether each aws:name#key is there")
    stores.add_argument("--aws-endpoint", metavar="URL", help="where it is, in place of the region's own")
    add_options(parser, without=CODE_ONLY | {"--show-files"})


def run(args: argparse.Namespace) -> int:
    from compatcheck.cli.check import run_checks
    from compatcheck.run.stores.store import Unreachable

    if "-" in args.paths:
        raise UsageMistakes(["secrets reads no standard input: give files or folders"])
    try:
        stores = _stores(args)
    except Unreachable as error:
        tell([f"the store cannot be asked: {error}"])
        return INCOMPLETE
    try:
        return run_checks(args, only=partial(_checks, stores))
    finally:
        for store in stores.values():
            store.close()


def _checks(stores: Mapping[str, Store], project: Project) -> list[ProjectCheck]:
    from compatcheck.run.secrets import named_check

    return [named_check(stores)]


def _stores(args: argparse.Namespace) -> dict[str, Store]:
    """The stores that were asked for, by scheme. Raises UsageMistakes with all that is wrong, or Unreachable."""
    from compatcheck.run.stores.store import BadAddress

    stores: dict[str, Store] = {}
    mistakes = []
    for flag, wanted in (("vault", args.vault or args.vault_address), ("aws", args.aws or args.aws_endpoint)):
        try:
            if wanted:
                stores[flag] = _opened(flag, args)
        except BadAddress as error:
            option = "--vault-address or VAULT_ADDR" if flag == "vault" else "--aws-endpoint"
            mistakes.append(f"{option}: {error}")
        except ImportError:
            mistakes.append(f"--{flag} needs more: pip install 'compatcheck[{flag}]'")
    if mistakes:
        raise UsageMistakes(mistakes)
    return stores


def _opened(flag: str, args: argparse.Namespace) -> Store:
    if flag == "vault":
        from compatcheck.run.stores.vault import open_vault

        return open_vault(os.environ, args.vault_address)
    from compatcheck.run.stores.aws import open_aws

    return open_aws(args.aws_endpoint)
