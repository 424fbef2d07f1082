"""TLS for the fault server: an authority of its own, and certificates right and wrong.

Needs the package `cryptography` (extra `dev`). Keys are made anew each time, nothing is shipped.
The extensions are those of RFC 5280 that strict clients (Python 3.13 on) ask for.
"""

import ssl
import warnings
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from pipeline.newsroom.faults import Exchange

_DAY = timedelta(days=1)
_SIGNS = x509.KeyUsage(
    key_cert_sign=True, crl_sign=True, digital_signature=False, content_commitment=False,
    key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False,
    decipher_only=False,
)  # fmt: skip


class Authority:
    """A certificate authority in `folder`; `ca_file` is what a client must trust."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name("Fault server authority")
        now = datetime.now(UTC)
        builder = _builder(self._name, self._name, self._key, self._key, now)
        self._certificate = (
            builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_SIGNS, critical=True)
            .sign(self._key, hashes.SHA256())
        )
        self.ca_file = folder / "ca.pem"
        self.ca_file.write_bytes(self._certificate.public_bytes(serialization.Encoding.PEM))

    def context(
        self, *names: str, expired: bool = False, self_signed: bool = False, old: bool = False
    ) -> ssl.SSLContext:
        """A server's context with a certificate for `names` (host names or addresses).

        `old` offers TLS 1.1 at most.
        """
        key = ec.generate_private_key(ec.SECP256R1())
        now = datetime.now(UTC) - (30 * _DAY if expired else timedelta())
        subject = _name(names[0])
        issuer, signer = (subject, key) if self_signed else (self._name, self._key)
        builder = _builder(subject, issuer, key, signer, now)
        alternatives = x509.SubjectAlternativeName([_general(name) for name in names])
        certificate = builder.add_extension(alternatives, critical=False).sign(
            signer, hashes.SHA256()
        )
        pem = self._folder / f"server-{x509.random_serial_number():x}.pem"
        pem.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem)
        if old:
            context.set_ciphers("ALL:@SECLEVEL=0")
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)  # that it is old is the point
                context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
                context.maximum_version = ssl.TLSVersion.TLSv1_1
        return context


def silent_handshake(exchange: Exchange) -> None:
    """Takes the connection and says nothing (A38)."""
    exchange.wait(60)


def dripped_handshake(exchange: Exchange) -> None:
    """Begins a handshake record that never ends (A38)."""
    exchange.send(b"\x16\x03\x03\x3f\x00\x02\x00\x3e\xfc")
    exchange.drip(bytes(16_000))


def no_handshake(exchange: Exchange) -> None:
    """Answers in plain text where TLS is expected."""
    exchange.send(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    signer: ec.EllipticCurvePrivateKey,
    now: datetime,
) -> x509.CertificateBuilder:
    own = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    signers = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _DAY)
        .not_valid_after(now + _DAY)
        .add_extension(own, critical=False)
        .add_extension(signers, critical=False)
    )
