"""What we ship to run Duly with: units and containers without a right they do not need."""

import re
import shutil
import subprocess

import pytest
import yaml

from tests.setup.conftest import ROOT

UNITS = ROOT / "docs" / "systemd"
NAMES = ("web", "worker")
HARDENED = {
    "User": "duly",
    "NoNewPrivileges": "yes",
    "CapabilityBoundingSet": "",
    "AmbientCapabilities": "",
    "ProtectSystem": "strict",
    "ReadWritePaths": "/var/lib/duly",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "ProtectProc": "invisible",
    "ProtectKernelTunables": "yes",
    "ProtectKernelModules": "yes",
    "ProtectControlGroups": "yes",
    "RestrictAddressFamilies": "AF_UNIX AF_INET AF_INET6",
    "RestrictNamespaces": "user net",
    "RestrictSUIDSGID": "yes",
    "LockPersonality": "yes",
    "MemoryDenyWriteExecute": "yes",
    "SystemCallArchitectures": "native",
    "UMask": "0077",
}


def unit(name):
    text = (UNITS / f"duly-{name}.service").read_text()
    return re.findall(r"^([A-Za-z]+)=(.*)$", text, re.MULTILINE)


@pytest.mark.parametrize("name", NAMES)
def test_a_unit_has_no_right_it_does_not_need(name):
    lines = unit(name)
    assert HARDENED.items() <= dict(lines).items()
    filters = [value for key, value in lines if key == "SystemCallFilter"]
    assert filters[:2] == ["@system-service", "~@privileged @keyring"]


def test_the_two_units_have_the_same_walls():
    web, worker = (set(unit(name)) for name in NAMES)
    assert {key for key, _ in web ^ worker} == {
        "Description",
        "ExecStart",
        "IPAddressAllow",
        "IPAddressDeny",
    }
    assert ("IPAddressDeny", "any") in web


@pytest.mark.parametrize("name", NAMES)
def test_systemd_understands_every_line(name, tmp_path):
    if shutil.which("systemd-analyze") is None:
        pytest.skip("this machine has no systemd-analyze")
    text = (UNITS / f"duly-{name}.service").read_text()
    copy = tmp_path / f"duly-{name}.service"
    copy.write_text(text.replace("ExecStart=/opt/duly/duly", "ExecStart=/bin/true"))
    told = subprocess.run(
        ["systemd-analyze", "verify", "--recursive-errors=no", copy],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    mine = [line for line in told.stderr.splitlines() if f"duly-{name}" in line]
    assert mine == []


def test_the_documented_service_names_both_units_and_their_folders():
    text = (ROOT / "docs" / "operations.md").read_text()
    section = text.split("\n## As a service\n")[1].split("\n## ")[0]
    for name in NAMES:
        assert f"systemd/duly-{name}.service" in section
    assert "/etc/duly/duly.env" in section


def test_a_container_has_no_right_it_does_not_need():
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text())
    for name in ("migrate", "web", "worker"):
        service = compose["services"][name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert "cap_add" not in service
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert service["user"] == "10001:10001"
        assert [each.partition(":")[0] for each in service["tmpfs"]] == ["/tmp"]
        written = [each.partition(":")[2] for each in service["volumes"]]
        assert written == ["/var/lib/duly/data", "/var/lib/duly/keys"]
        assert not {"privileged", "network_mode", "pid", "devices"} & set(service)
    assert compose["services"]["database"]["networks"] == ["inside"]
    assert compose["networks"]["inside"] == {"internal": True}


def test_the_image_runs_as_the_account_of_the_compose_file():
    text = (ROOT / "Dockerfile").read_text()
    assert "--uid 10001" in text
    assert "compileall" in text
    assert re.search(r"^USER 10001:10001$", text, re.MULTILINE)
