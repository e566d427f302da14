package io.aihub.it;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import org.jboss.arquillian.container.test.api.Testable;
import org.jboss.shrinkwrap.api.Node;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.EmptyAsset;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.spec.EnterpriseArchive;
import org.jboss.shrinkwrap.api.spec.JavaArchive;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/**
 * The server's EAR as the build made it, with one more WAR that runs tests inside it and a clock
 * that the tests can move. Nothing of the application itself is changed.
 */
final class BuiltEar {

  private static final String APPLICATION_XML = "META-INF/application.xml";

  private BuiltEar() {}

  /**
   * @param testClasses what runs inside the server
   * @param libraries one class of each library that those need
   */
  static EnterpriseArchive withTests(Class<?>[] testClasses, Class<?>... libraries) {
    WebArchive tests =
        ShrinkWrap.create(WebArchive.class, "tests.war")
            .addClasses(testClasses)
            .addClass(OpenDoor.class)
            .addAsWebInfResource(EmptyAsset.INSTANCE, "beans.xml");
    for (Class<?> library : libraries) {
      tests.addAsLibrary(jarOf(library));
    }
    EnterpriseArchive ear =
        ShrinkWrap.createFromZipFile(
            EnterpriseArchive.class,
            new File(System.getProperty("aihub.testbed.build"), "aihub.ear"));
    return ear.addAsModule(Testable.archiveToTest(tests))
        .addAsLibrary(
            ShrinkWrap.create(JavaArchive.class, "movable-clock.jar")
                .addClass(MovableClock.class)
                .addAsManifestResource(EmptyAsset.INSTANCE, "beans.xml"))
        .setApplicationXML(new StringAsset(withTestModule(ear.get(APPLICATION_XML))));
  }

  private static String withTestModule(Node applicationXml) {
    try (InputStream in = applicationXml.getAsset().openStream()) {
      String xml = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      String libraryDirectory = "<library-directory>";
      if (!xml.contains(libraryDirectory)) {
        throw new IllegalStateException("No place for a module in " + xml);
      }
      return xml.replace(
          libraryDirectory,
          "<module><web><web-uri>tests.war</web-uri><context-root>/tests</context-root></web></module>"
              + libraryDirectory);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static File jarOf(Class<?> library) {
    try {
      return new File(library.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
