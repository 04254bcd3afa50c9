"""Half-finished TLS handshakes from one address, with and without deploy/signpost.nft, in a network namespace."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests import ROOT


@pytest.fixture(scope="module")
def seen() -> dict[str, dict[str, int]]:
    own = ["unshare", "--net", *([] if os.geteuid() == 0 else ["--map-root-user"])]
    if subprocess.run([*own, "true"], check=False, capture_output=True).returncode:
        pytest.skip("this machine gives nobody but root a network of their own")
    done = subprocess.run(
        [*own, sys.executable, "-m", "tests.servers.half_handshakes"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("version", ["IPv4", "IPv6"])
def test_with_the_rules_one_address_leaves_room_for_others(seen, version):
    without, with_rules = seen[f"{version}, without"], seen[f"{version}, with"]
    assert without["before"] == with_rules["before"] == with_rules["tries"]
    assert without["during"] == 0, "else the attack is none, and the rules show nothing"
    assert with_rules["during"] == with_rules["tries"]
    assert with_rules["attacker holds"] < without["attacker holds"] / 2


def test_with_the_rules_one_network_leaves_room_for_others(seen):
    """A rented machine may have many IPv6 /64 networks, each with a limit of its own."""
    network = seen["a network of IPv6, with"]
    assert network["during"] == network["tries"]


def test_the_rules_keep_no_address(seen):
    assert 0 < seen["IPv6, with"]["addresses"] <= 6, "IPv6 counts by its first half, and by its network"
    assert seen["at the end"]["addresses"] == 0
