"""Nobody without the key is let in, and the key is nobody else's."""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
import stat
import warnings
from pathlib import Path

import psutil
import pytest
from distributed import Client, Security
from distributed.core import rpc

import vitreous as vt
from vitreous.ensemble.certificates import Certificates, security_of_cluster
from vitreous.ensemble.workers import workers_of_cluster, workers_of_this_machine
from vitreous.errors import InputError


@pytest.fixture(name="ours", scope="module")
def _ours():
    with workers_of_this_machine(2) as workers:
        workers.client.wait_for_workers(2, timeout=60)
        yield workers


def listening():
    """Places at which we and our workers listen."""
    me = psutil.Process()
    return {
        (place.laddr.ip, place.laddr.port)
        for process in (me, *me.children(recursive=True))
        for place in process.net_connections("inet")
        if place.status == psutil.CONN_LISTEN
    }


def test_the_key_lets_in(ours):
    assert ours.client.scheduler.address.startswith("tls://127.0.0.1:")
    assert ours.client.submit(os.getpid).result(timeout=60) != os.getpid()
    with workers_of_cluster(ours.client.scheduler.address, ours.certificates) as others:
        assert others.client.submit(sum, [1, 2]).result(timeout=60) == 3


@pytest.mark.parametrize("whose", ["nobody's", "a stranger's"])
def test_nobody_else(ours, whose, tmp_path):
    """Neither in the clear nor with another key is there an answer from scheduler or workers."""
    addresses = [ours.client.scheduler.address, *ours.client.scheduler_info()["workers"]]
    assert len(addresses) == 3
    if whose == "nobody's":
        addresses, security = [address.replace("tls:", "tcp:") for address in addresses], Security()
    else:
        security = Security.temporary()
    with pytest.raises((OSError, TimeoutError)):
        Client(addresses[0], security=security, timeout=3)

    async def ask(address):
        remote = rpc(address, connection_args=security.get_connection_args("client"), timeout=2)
        try:
            return await asyncio.wait_for(remote.identity(), 4)
        finally:
            await remote.close_rpc()

    for address in addresses:
        with pytest.raises((OSError, TimeoutError)):
            asyncio.run(ask(address))


def hello(place, context):
    """What is said by TLS without a certificate; in TLS 1.3 the refusal comes with the first answer."""
    with socket.create_connection(place, timeout=10) as plain, context.wrap_socket(plain) as wrapped:
        wrapped.sendall(b"hello")
        return wrapped.recv(1) or pytest.fail("it neither refused nor answered")


def test_only_this_machine_hears_us_and_only_by_tls(ours):
    """Every port: on loopback; it asks for a certificate, or serves HTTP without a single page."""
    places = listening()
    assert len(places) >= 3
    assert {host for host, _ in places} == {"127.0.0.1"}
    bare = ssl.create_default_context()
    bare.check_hostname, bare.verify_mode = False, ssl.CERT_NONE
    kinds = []
    for place in places:
        with socket.create_connection(place, timeout=10) as plain:
            plain.sendall(b"GET /info/main/workers.html HTTP/1.1\r\nHost: localhost\r\n\r\n")
            try:
                answer = plain.recv(100)
            except ConnectionError:
                answer = b""
        if answer.startswith(b"HTTP/1.1 "):
            assert answer.split()[1] == b"404"
            kinds.append("http")
            continue
        assert b"http" not in answer.lower()
        with pytest.raises((ssl.SSLError, ConnectionError)):
            hello(place, bare)
        kinds.append("tls")
    assert kinds.count("tls") >= 3


def test_keys_can_be_read_by_nobody_else(ours):
    folder = Path(ours.certificates.key).parent
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert sorted(file.name for file in map(Path, ours.certificates)) == [
        *("authority.pem", "certificate.pem", "key.pem")
    ]
    for file in ours.certificates:
        assert stat.S_IMODE(Path(file).stat().st_mode) == 0o600
        assert Path(file).stat().st_uid == os.getuid()
    assert "PRIVATE" in Path(ours.certificates.key).read_text()
    for file in folder.rglob("*"):  # nor does any other file in there have it
        assert file.name == "key.pem" or not file.is_file() or b"PRIVATE" not in file.read_bytes()


def test_files_are_gone_afterwards():
    with workers_of_this_machine(1) as workers:
        folder = Path(workers.certificates.key).parent
        assert folder.is_dir()
    assert not folder.exists()


def test_an_open_umask_changes_nothing():
    before = os.umask(0)
    try:
        with workers_of_this_machine(1) as workers:
            assert stat.S_IMODE(Path(workers.certificates.key).stat().st_mode) == 0o600
    finally:
        os.umask(before)


@pytest.mark.parametrize(
    ("address", "warned"),
    [
        ("tcp://127.0.0.1:8786", False),
        ("tcp://localhost:8786", False),
        ("tcp://[::1]:8786", False),
        ("127.0.0.1:8786", False),
        ("tcp://10.0.0.7:8786", True),
        ("tcp://node1:8786", True),
        ("node1:8786", True),
        ("ws://node1:8786", True),
    ],
)
def test_what_is_not_encrypted(address, warned):
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        assert security_of_cluster(address, Certificates()) is None
    assert [warning.category for warning in said] == [UserWarning] * warned
    assert all(f"--scheduler {address} is not encrypted" in str(warning.message) for warning in said)


def test_certificates_that_do_not_do(ours, tmp_path):
    authority, certificate, key = ours.certificates
    address = "tls://127.0.0.1:1"
    text = tmp_path / "text.pem"
    text.write_text("no certificate")
    for files, saying in [
        (Certificates(), "--tls-ca is missing"),
        (Certificates(authority), "--tls-cert is missing"),
        (
            Certificates(authority, certificate, tmp_path / "none.pem"),
            r"none\.pem: .* cannot be read: No such file",
        ),
        (Certificates(text, certificate, key), "no certificates and key in PEM format"),
        (Certificates(authority, certificate), "no certificates and key in PEM format"),
    ]:
        with pytest.raises(InputError, match=saying):
            security_of_cluster(address, files)
    with pytest.raises(InputError, match=r"certificates are for tls://; is the address tls://host:1"):
        security_of_cluster("tcp://host:1", ours.certificates)
    both = tmp_path / "both.pem"
    both.write_text(Path(certificate).read_text() + Path(key).read_text())
    assert security_of_cluster(address, Certificates(authority, both)).require_encryption


def test_certificates_of_the_configuration_of_dask(ours):
    import dask

    authority, certificate, key = map(str, ours.certificates)
    told = {"ca-file": authority, "client.cert": certificate, "client.key": key}
    with (
        dask.config.set({f"distributed.comm.tls.{name}": file for name, file in told.items()}),
        workers_of_cluster(ours.client.scheduler.address) as others,
    ):
        assert others.client.submit(sum, [2, 2]).result(timeout=60) == 4


def test_a_campaign_on_a_cluster_with_tls(ours, campaign, spheres, folder):
    found = vt.propensity(
        spheres,
        model="hard-spheres",
        times=campaign.times,
        runs=3,
        seed=5,
        folder=folder,
        scheduler=ours.client.scheduler.address,
        certificates=ours.certificates,
    )
    assert found.runs == 3


def test_options_of_the_commands(tmp_path):
    from vitreous.cli.parse import certificates

    assert certificates("tls://node1:8786", tmp_path, None, None) == Certificates(tmp_path)
    assert not certificates(None, None, None, None).given
    with pytest.raises(InputError, match="are for --scheduler tls://HOST:PORT"):
        certificates(None, tmp_path, None, None)
