"""Real servers for the tests of the store: the embedded one, and one of its own with login and TLS."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pymongo import MongoClient

from svcsat_crawler.storage import embedded
from svcsat_crawler.storage.embedded_process import program
from svcsat_crawler.storage.mongo import Store


class Server:
    """A MongoDB of somebody else: another process, another directory, found by its address only."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.folder = folder
        self.options = options
        self.port = 0
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *options: str) -> None:
        """Start it, on the port that it had; returns when it takes connections."""
        path = program()
        assert path
        (self.folder / "empty.toml").touch()
        place = ("--port", str(self.port), "--storage-path", str(self.folder / "database"))
        with (self.folder / "log").open("wb") as log:
            self.process = subprocess.Popen(
                (path, "--config", str(self.folder / "empty.toml"), *place, *self.options, *options),
                stdout=log,
                stderr=log,
            )
        while not (found := re.search(rb"listening on [\d.]+:(\d+)", (self.folder / "log").read_bytes())):
            assert self.process.poll() is None, (self.folder / "log").read_text()
            time.sleep(0.02)
        self.port = int(found[1])

    def kill(self) -> None:
        """End it as a power cut does."""
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def stop(self) -> None:
        """Let it write down what it holds: a user is not in the journal yet."""
        if self.process:
            self.process.terminate()
            self.process.wait()
            self.process = None

    def uri(self, login: str = "", options: str = "") -> str:
        return f"mongodb://{login}127.0.0.1:{self.port}/elsewhere?{options}"


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty data directory, set in the environment; what runs in it is stopped at the end."""
    folder = tmp_path / "data"
    monkeypatch.setenv("SVCSAT_DATA_DIR", str(folder))
    monkeypatch.setenv("SVCSAT_STORE_IDLE", "60")
    monkeypatch.delenv("MONGODB_URI", raising=False)
    yield folder
    embedded.stop(folder)


@pytest.fixture
def own_store(data_dir: Path) -> Iterator[Store]:
    """The embedded store of this test alone, for tests that stop or kill its server."""
    with Store.from_environment() as opened:
        opened.prepare(validate=False)  # what is written in these tests are pieces of documents
        yield opened


@pytest.fixture(scope="session")
def shared_data_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where the embedded server of all tests runs that leave it alone."""
    folder = tmp_path_factory.mktemp("shared") / "data"
    yield folder
    embedded.stop(folder)


@pytest.fixture
def store(shared_data_dir: Path) -> Iterator[Store]:
    """An empty embedded store, prepared."""
    environ = {"SVCSAT_DATA_DIR": str(shared_data_dir), "SVCSAT_STORE_IDLE": "60"}
    with Store.from_environment(environ) as opened:
        opened.database.client.drop_database(opened.database)
        opened.prepare(validate=False)
        yield opened


@pytest.fixture(scope="session")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server without login; tests that kill it find it again by ``plain_server``."""
    server = Server(tmp_path_factory.mktemp("plain"), "--standalone")
    yield server
    server.kill()


@pytest.fixture
def plain_server(shared_server: Server) -> Server:
    """A running, empty server without login."""
    if shared_server.process is None:
        shared_server.start()
    with MongoClient[dict[str, str]](shared_server.uri(), journal=True) as client:
        for name in client["elsewhere"].list_collection_names():  # a drop would not survive a kill
            client["elsewhere"][name].delete_many({})
    return shared_server


@pytest.fixture(scope="session")
def locked_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running replica-set server that wants TLS and the login ``crawler`` / ``p@ss/w:rd``.

    ``folder / "ca.pem"`` is the certificate to trust.
    """
    folder = tmp_path_factory.mktemp("locked")
    server = Server(folder)
    server.start()
    with MongoClient[dict[str, str]]("127.0.0.1", server.port, directConnection=True) as client:
        roles = [{"role": "readWrite", "db": "elsewhere"}]
        client["admin"].command("createUser", "crawler", pwd="p@ss/w:rd", roles=roles)
        client["admin"].command("createUser", "stranger", pwd="x", roles=[{"role": "read", "db": "other"}])
    server.stop()
    certificate, key = _certificate(folder)
    server.start("--auth", "--tls-cert-file", str(certificate), "--tls-key-file", str(key))
    yield server
    server.kill()


@pytest.fixture
def locked_uri(locked_server: Server) -> str:
    """The address that the locked server lets in."""
    trust = f"tls=true&tlsCAFile={locked_server.folder / 'ca.pem'}&authSource=admin&replicaSet=secantus"
    return locked_server.uri("crawler:p%40ss%2Fw%3Ard@", trust)


def _certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    names = [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate_file, key_file = folder / "ca.pem", folder / "key.pem"
    certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return certificate_file, key_file
