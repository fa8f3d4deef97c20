"""A certificate authority of the tests, and server certificates right and wrong."""

import datetime
import ipaddress
import ssl

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

DAY = datetime.timedelta(days=1)


def name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def alternative(host):
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


class Authority:
    """Signs server certificates. `ca_file` is what a client must trust."""

    def __init__(self, folder, common_name="Test CA"):
        self.folder = folder
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = name(common_name)
        builder = self._builder(self.name, self.key.public_key(), -DAY, DAY)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        self.certificate = builder.sign(self.key, hashes.SHA256())
        self.ca_file = folder / f"{common_name.replace(' ', '-')}.pem"
        self.ca_file.write_bytes(pem(self.certificate))

    def _builder(self, subject, public_key, begins, ends):
        now = datetime.datetime.now(datetime.timezone.utc)
        return (x509.CertificateBuilder().subject_name(subject).issuer_name(self.name)
                .public_key(public_key).serial_number(x509.random_serial_number())
                .not_valid_before(now + begins).not_valid_after(now + ends))

    def server(self, host="127.0.0.1", begins=-DAY, ends=DAY, protocols=None):
        """A server context with a certificate for `host`."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = (
            self._builder(name("server"), key.public_key(), begins, ends)
            .add_extension(x509.SubjectAlternativeName([alternative(host)]), False)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False)
            .sign(self.key, hashes.SHA256()))
        path = self.folder / f"server-{certificate.serial_number}.pem"
        path.write_bytes(pem(certificate) + key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption()))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        if protocols:
            context.set_alpn_protocols(protocols)
        return context


def pem(certificate):
    return certificate.public_bytes(serialization.Encoding.PEM)
