import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateExpiredException;
import java.security.cert.X509Certificate;
import java.util.Collections;

/**
 * Takes expired certificates out of a domain's trust store, for which Payara would write a warning
 * each at every start. Run as {@code java DropExpiredCertificates.java TRUST_STORE PASSWORD}.
 */
final class DropExpiredCertificates {

  private DropExpiredCertificates() {}

  public static void main(String[] arguments) throws Exception {
    Path file = Path.of(arguments[0]);
    char[] password = arguments[1].toCharArray();
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, password);
    }
    for (String alias : Collections.list(store.aliases())) {
      if (store.getCertificate(alias) instanceof X509Certificate certificate) {
        try {
          certificate.checkValidity();
        } catch (CertificateExpiredException e) {
          store.deleteEntry(alias);
        }
      }
    }
    try (OutputStream out = Files.newOutputStream(file)) {
      store.store(out, password);
    }
  }
}
