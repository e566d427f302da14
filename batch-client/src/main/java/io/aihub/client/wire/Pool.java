package io.aihub.client.wire;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.DefaultHostnameVerifier;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.NoopHostnameVerifier;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.net.InetAddressUtils;
import org.apache.hc.core5.util.TimeValue;

/**
 * Connections of all scripts to all hosts, for one idea of whom to trust. A connection that was
 * made without looking at a certificate is never handed to a request that wants one looked at.
 */
public final class Pool {

  /** The context's attribute with the milliseconds that a handshake may be silent. */
  static final String HANDSHAKE_TIMEOUT = "aihub.handshake-timeout";

  /** The context's attribute that says that a connection is there and TLS has begun. */
  static final String HANDSHAKE_BEGUN = "aihub.handshake-begun";

  private static final int MAX_CONNECTIONS = 1000;
  private static final TimeValue CHECK_IDLE_AFTER = TimeValue.ofSeconds(1);
  private static final TimeValue KEEP_AT_MOST = TimeValue.ofMinutes(10);
  private static final Pattern PEM =
      Pattern.compile(
          "-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----([^-]+)-----END", Pattern.DOTALL);

  private final PoolingHttpClientConnectionManager connections;

  private Pool(TrustManager trust, HostnameVerifier names, NetworkRules rules) {
    try {
      SSLContext tls = SSLContext.getInstance("TLS");
      tls.init(null, new TrustManager[] {trust}, null);
      DefaultClientTlsStrategy handshake =
          new DefaultClientTlsStrategy(tls, HostnameVerificationPolicy.CLIENT, names);
      connections =
          PoolingHttpClientConnectionManagerBuilder.create()
              .setConnectionFactory(
                  ManagedHttpClientConnectionFactory.builder()
                      .incomingContentLengthStrategy(new BodyLength())
                      .http1Config(AnswerHead.LIMITS)
                      .responseParserFactory(limits -> new AnswerHead())
                      .build()) // the client's own parser passes over what is no HTTP
              .setTlsSocketStrategy(new TimedHandshake(handshake))
              .setDnsResolver(rules)
              .setMaxConnPerRoute(MAX_CONNECTIONS)
              .setMaxConnTotal(MAX_CONNECTIONS)
              .setDefaultConnectionConfig(
                  ConnectionConfig.custom()
                      .setValidateAfterInactivity(CHECK_IDLE_AFTER)
                      .setTimeToLive(KEEP_AT_MOST)
                      .build())
              .build();
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Trusts whoever answers, as {@code verify=False} asks for. */
  static Pool trustingAll(NetworkRules rules) {
    return new Pool(new NoDoubts(), NoopHostnameVerifier.INSTANCE, rules);
  }

  /**
   * Trusts what the given certificates vouch for.
   *
   * @param pem a bundle; text around the certificates is passed over
   * @throws IOException where there is no certificate in it
   */
  static Pool trusting(byte[] pem, NetworkRules rules) throws IOException {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      Matcher block = PEM.matcher(new String(pem, StandardCharsets.ISO_8859_1));
      int count = 0;
      while (block.find()) {
        byte[] der = Base64.getMimeDecoder().decode(block.group(1));
        store.setCertificateEntry(
            "ca-" + count++, factory.generateCertificate(new ByteArrayInputStream(der)));
      }
      if (count == 0) {
        throw new IOException("no certificates");
      }
      TrustManagerFactory managers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(store);
      return new Pool(
          new Explaining((X509ExtendedTrustManager) managers.getTrustManagers()[0]),
          new AlternativeNames(),
          rules);
    } catch (GeneralSecurityException | IllegalArgumentException unreadable) {
      throw new IOException(unreadable);
    }
  }

  PoolingHttpClientConnectionManager connections() {
    return connections;
  }

  /** Connections that a request or an unread answer holds. */
  int leased() {
    return connections.getTotalStats().getLeased();
  }

  void closeIdle(TimeValue longerThan) {
    connections.closeExpired();
    connections.closeIdle(longerThan);
  }

  void close() {
    connections.close(CloseMode.IMMEDIATE);
  }

  /** Bounds the handshake by a time of the request's own, which a connection's settings can't. */
  private record TimedHandshake(DefaultClientTlsStrategy inner) implements TlsSocketStrategy {
    @Override
    public SSLSocket upgrade(
        Socket socket, String host, int port, Object attachment, HttpContext context)
        throws IOException {
      context.setAttribute(HANDSHAKE_BEGUN, true);
      socket.setSoTimeout((Integer) context.getAttribute(HANDSHAKE_TIMEOUT));
      return inner.upgrade(socket, host, port, attachment, context);
    }
  }

  /** As OpenSSL under urllib3 does it: the subject's common name never counts. */
  private static final class AlternativeNames implements HostnameVerifier {
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;

    private final DefaultHostnameVerifier inner = new DefaultHostnameVerifier();

    @Override
    public boolean verify(String host, SSLSession session) {
      int wanted =
          InetAddressUtils.isIPv4(host) || InetAddressUtils.isIPv6(host) ? IP_ADDRESS : DNS_NAME;
      try {
        X509Certificate certificate = (X509Certificate) session.getPeerCertificates()[0];
        return certificate.getSubjectAlternativeNames() != null
            && certificate.getSubjectAlternativeNames().stream()
                .anyMatch(name -> name.get(0).equals(wanted))
            && inner.verify(host, session);
      } catch (SSLPeerUnverifiedException | CertificateParsingException unreadable) {
        return false;
      }
    }
  }

  /** Extended, so that the JDK adds no checks of its own. */
  private static final class NoDoubts extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  /** Tells a certificate that vouches for itself from one of an unknown issuer. */
  private static final class Explaining extends X509ExtendedTrustManager {
    private final X509ExtendedTrustManager inner;

    Explaining(X509ExtendedTrustManager inner) {
      this.inner = inner;
    }

    private static CertificateException explained(
        X509Certificate[] chain, CertificateException refused) {
      List<Throwable> causes = new ArrayList<>();
      for (Throwable t = refused; t != null && causes.size() < 10; t = t.getCause()) {
        causes.add(t);
      }
      boolean inTime =
          causes.stream()
              .noneMatch(
                  cause ->
                      cause instanceof java.security.cert.CertificateExpiredException
                          || cause instanceof java.security.cert.CertificateNotYetValidException);
      return inTime
              && chain.length == 1
              && chain[0].getIssuerX500Principal().equals(chain[0].getSubjectX500Principal())
          ? new WireException.SelfSignedException()
          : refused;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      try {
        inner.checkServerTrusted(chain, type, socket);
      } catch (CertificateException refused) {
        throw explained(chain, refused);
      }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      inner.checkServerTrusted(chain, type, engine);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      inner.checkServerTrusted(chain, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      inner.checkClientTrusted(chain, type, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      inner.checkClientTrusted(chain, type, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      inner.checkClientTrusted(chain, type);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return inner.getAcceptedIssuers();
    }
  }
}
