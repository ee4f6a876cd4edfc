"""TLS between scheduler, workers and client: keys for an occasion, or those of a cluster.

Whoever can speak to a Dask scheduler has code run by its workers, in the name of whoever started them. A port of this
machine is open to all of its users; so even there nobody is let in without the key.
"""

from __future__ import annotations

import ipaddress
import os
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from vitreous.errors import InputError

if TYPE_CHECKING:
    from distributed.security import Security

__all__ = ["Certificates", "security_of_cluster", "temporary_security"]

_ENCRYPTED = ("tls", "wss")


class Certificates(NamedTuple):
    """Files in PEM format by which client and cluster know each other. None is left to Dask's configuration."""

    authority: str | os.PathLike[str] | None = None
    """The file of the authority that signed the certificates of the cluster."""
    certificate: str | os.PathLike[str] | None = None
    """The file of our own certificate."""
    key: str | os.PathLike[str] | None = None
    """The file of our key, if it is not in that of our certificate."""

    @property
    def given(self) -> bool:
        """Whether there is any."""
        return any(file is not None for file in self)


def temporary_security(folder: Path) -> tuple[Security, Certificates]:
    """A key made for the occasion, in memory for us, and in files for workers that nobody else can read.

    `folder` must be ours alone (mode 0700).
    """
    from distributed.security import Security

    security: Any = Security.temporary()
    files = Certificates(*(folder / name for name in ("authority.pem", "certificate.pem", "key.pem")))
    texts = (security.tls_ca_file, security.tls_worker_cert, security.tls_worker_key)
    for file, text in zip(files, texts, strict=True):
        assert file is not None
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "w", encoding="ascii") as opened:
            opened.write(str(text))
    return security, files


def security_of_cluster(address: str, certificates: Certificates) -> Any:
    """What a client needs for the scheduler at an address (a `Security` of Dask); None where it is not encrypted.

    InputError if certificates are missing, cannot be read, or are given for an address without encryption; a
    UserWarning if the address is that of another machine and what is said to it is not encrypted.
    """
    protocol, separator, rest = address.partition("://")
    if not separator:
        protocol, rest = "tcp", address
    if protocol not in _ENCRYPTED:
        if certificates.given:
            raise InputError(
                f"--scheduler {address}: certificates are for tls://; is the address tls://{rest}?"
            )
        # Of other protocols it is Dask that knows.
        if protocol in ("tcp", "ws") and not _is_this_machine(rest):
            warnings.warn(
                f"--scheduler {address} is not encrypted: whoever reaches that port can run programs in your "
                f"name; tls:// and certificates shut them out (docs: On a cluster)",
                UserWarning,
                stacklevel=2,
            )
        return None
    return _read(address, certificates)


def _read(address: str, certificates: Certificates) -> Any:
    from distributed.security import Security

    named = {
        "tls_ca_file": certificates.authority,
        "tls_client_cert": certificates.certificate,
        "tls_client_key": certificates.key,
    }
    told = {name: os.fspath(file) for name, file in named.items() if file is not None}
    if "tls_client_cert" in told and "tls_client_key" not in told:
        told["tls_client_key"] = told["tls_client_cert"]  # not that of Dask's configuration
    security: Any = Security(require_encryption=True, **told)
    if not (security.tls_ca_file and security.tls_client_cert):
        lacking = "--tls-cert" if security.tls_ca_file else "--tls-ca"
        raise InputError(
            f"--scheduler {address}: {lacking} is missing; give --tls-ca, --tls-cert and --tls-key, or name the "
            f"files in Dask's configuration (distributed.comm.tls)"
        )
    for file in (security.tls_ca_file, security.tls_client_cert, security.tls_client_key):
        if file is None or "\n" in file:
            continue
        try:
            Path(file).open("rb").close()
        except OSError as error:
            raise InputError(f"{file}: the certificate or key cannot be read: {error.strerror}") from None
    try:
        security.get_connection_args("client")
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        files = ", ".join(str(file) for file in told.values()) or "Dask's configuration"
        raise InputError(
            f"{files}: no certificates and key in PEM format that fit together: {error}"
        ) from None
    return security


def _is_this_machine(rest: str) -> bool:
    host = (rest.rpartition(":")[0] or rest).strip("[]")
    if host in ("localhost", ""):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
