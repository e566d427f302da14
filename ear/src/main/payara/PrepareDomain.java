import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateExpiredException;
import java.security.cert.X509Certificate;
import java.util.Collections;

/**
 * Mends what a fresh Payara domain comes with: {@code java PrepareDomain.java DOMAIN_FOLDER}. Used
 * by the test bed and by the image, before the domain is first started.
 */
final class PrepareDomain {

  private static final char[] MASTER_PASSWORD = "changeit".toCharArray(); // the distribution's

  private static final String JMS_SERVICE =
      """
      <jms-service addresslist-behavior="priority" default-jms-host="default_JMS_host" type="EMBEDDED">
        <jms-host port="${JMS_PROVIDER_PORT}" host="localhost" name="default_JMS_host"/>
      </jms-service>
      """;

  private PrepareDomain() {}

  public static void main(String[] arguments) throws Exception {
    Path configuration = Path.of(arguments[0], "config");
    addJmsService(configuration.resolve("domain.xml"));
    dropExpiredCertificates(configuration.resolve("cacerts.p12"));
  }

  /**
   * Left to itself, Payara adds this element during the first deployment and may lock up: each
   * change of the configuration makes its JMSConfigListener look for the element and try to add it,
   * while the change holds the lock.
   */
  private static void addJmsService(Path file) throws IOException {
    String text = Files.readString(file);
    String anchor = "<config name=\"server-config\">";
    int start = text.indexOf(anchor);
    String serverConfig = text.substring(start, text.indexOf("</config>", start));
    if (!serverConfig.contains("<jms-service")) {
      int end = start + anchor.length();
      Files.writeString(file, text.substring(0, end) + "\n" + JMS_SERVICE + text.substring(end));
    }
  }

  /** Payara would write a warning for each of them at every start. */
  private static void dropExpiredCertificates(Path file)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, MASTER_PASSWORD);
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
      store.store(out, MASTER_PASSWORD);
    }
  }
}
