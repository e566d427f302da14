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
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Mends what a fresh Payara domain comes with: {@code java PrepareDomain.java DOMAIN_FOLDER}. Used
 * by the test bed and by the image, before the domain is first started.
 */
final class PrepareDomain {

  private static final char[] MASTER_PASSWORD = "changeit".toCharArray(); // the distribution's

  /**
   * What Payara itself adds to a configuration while it starts for the first time. Other services
   * start at that moment, so that now and then one is at a loss: each change of the configuration
   * makes JMSConfigListener look for a {@code jms-service} and try to add it, which may lock up
   * while the change holds the lock; the transaction manager ends the server with a
   * NullPointerException when it comes before the {@code monitoring-service}.
   */
  private static final Map<String, String> SERVICES =
      Map.of(
          "jms-service",
          """
          <jms-service addresslist-behavior="priority" default-jms-host="default_JMS_host" type="EMBEDDED">
            <jms-host port="${JMS_PROVIDER_PORT}" host="localhost" name="default_JMS_host"/>
          </jms-service>
          """,
          "monitoring-service",
          """
          <monitoring-service>
            <module-monitoring-levels/>
          </monitoring-service>
          """,
          "group-management-service",
          """
          <group-management-service>
            <failure-detection/>
          </group-management-service>
          """,
          "microprofile-config",
          "<microprofile-config/>\n",
          "batch-runtime-configuration",
          "<batch-runtime-configuration/>\n");

  /**
   * Requests make much garbage that lives for milliseconds, and little that stays: with G1, Java's
   * choice, the server spent an eighth of its time on barriers and concurrent marking.
   */
  private static final String COLLECTOR = "<jvm-options>-XX:+UseParallelGC</jvm-options>\n";

  private PrepareDomain() {}

  public static void main(String[] arguments) throws Exception {
    Path configuration = Path.of(arguments[0], "config");
    completeServerConfig(configuration.resolve("domain.xml"));
    dropExpiredCertificates(configuration.resolve("cacerts.p12"));
  }

  private static void completeServerConfig(Path file) throws IOException {
    String text = Files.readString(file);
    String anchor = "<config name=\"server-config\">";
    int start = text.indexOf(anchor) + anchor.length();
    int options = text.indexOf("</java-config>", start);
    text = text.substring(0, options) + COLLECTOR + text.substring(options);
    String serverConfig = text.substring(start, text.indexOf("</config>", start));
    StringBuilder added = new StringBuilder("\n");
    for (Map.Entry<String, String> service : new TreeMap<>(SERVICES).entrySet()) {
      if (!Pattern.compile("<" + service.getKey() + "[\\s/>]").matcher(serverConfig).find()) {
        added.append(service.getValue());
      }
    }
    Files.writeString(file, text.substring(0, start) + added + text.substring(start));
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
