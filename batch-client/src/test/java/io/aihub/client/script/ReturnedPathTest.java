package io.aihub.client.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.aihub.client.script.ScriptOutcome.Failed;
import io.aihub.client.script.ScriptOutcome.Produced;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that no script can make, should they be there all the same. */
class ReturnedPathTest {

  @TempDir Path temporary;
  private Path folder;

  @BeforeEach
  void fill() throws Exception {
    folder = Files.createDirectories(temporary.resolve("out/folder")).getParent();
    Files.writeString(folder.resolve("folder/file"), "text");
    Files.writeString(temporary.resolve("secret"), "secret");
  }

  private String refused(String returned) {
    return ((Failed) ReturnedPath.check(folder, returned, null)).message();
  }

  @Test
  void aLinkIsNotTakenWhereverItLeads() throws Exception {
    Files.createSymbolicLink(folder.resolve("inner"), folder.resolve("folder/file"));
    Files.createSymbolicLink(folder.resolve("outer"), temporary.resolve("secret"));

    assertThat(refused("inner")).endsWith("which is a symbolic link");
    assertThat(refused("outer")).endsWith("which is a symbolic link");
  }

  @Test
  void aFolderThatIsALinkLeadsOutOfTheDirectory() throws Exception {
    Files.createSymbolicLink(folder.resolve("up"), temporary);

    assertThat(refused("up/secret")).contains("which is not below the output directory");
  }

  @Test
  void theOutputDirectoryItselfMayBeReachedByALink() throws Exception {
    Path link = Files.createSymbolicLink(temporary.resolve("link"), folder);

    assertThat(ReturnedPath.check(link, link.resolve("folder/file").toString(), "said"))
        .isEqualTo(new Produced(folder.toRealPath().resolve("folder/file"), "folder/file", "said"));
  }

  @Test
  void aSocketIsNoFile() throws Exception {
    try (var socket =
        java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
      socket.bind(java.net.UnixDomainSocketAddress.of(folder.resolve("socket")));

      assertThat(refused("socket")).endsWith("which is not a regular file");
    }
  }
}
