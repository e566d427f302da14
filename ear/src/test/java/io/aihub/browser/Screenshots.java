package io.aihub.browser;

import io.aihub.testbed.Testbed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The pictures of the pages. Every run writes them below the build folder; with {@code
 * -Dupdate.screenshots} they also replace those of the documents.
 */
final class Screenshots {

  private Screenshots() {}

  static Path file(String name) {
    return Testbed.buildFolder().resolve("screenshots").resolve(name + ".png");
  }

  static void publish(Path file, String name) throws IOException {
    if (System.getProperty("update.screenshots") == null) {
      return;
    }
    Path documents = Testbed.buildFolder().getParent().getParent().resolve("src-docs/images");
    Files.createDirectories(documents);
    Files.copy(file, documents.resolve(name + ".png"), StandardCopyOption.REPLACE_EXISTING);
  }
}
