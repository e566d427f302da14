package io.aihub.client.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskTest {

  @TempDir Path folder;

  private final Holding holding = new Holding();

  @Test
  void withTooLittleRoomTheClientHoldsAndSaysWhere() {
    Disk disk = new Disk(folder, Long.MAX_VALUE, holding);

    assertThat(disk.isLow()).isTrue();
    assertThat(holding.reason().orElseThrow()).contains("are free").contains(folder.toString());
  }

  @Test
  void itGoesOnOnceThereIsRoomAgain() {
    Disk disk = new Disk(folder, 0, holding);
    disk.failed(new IOException("no space left on device"));

    assertThat(disk.isLow()).isFalse();
    assertThat(holding.reason()).isEmpty();
    assertThat(disk.freeBytes()).isPositive();
  }

  @Test
  void aFolderThatIsGoneIsNoRoom() throws IOException {
    Disk disk = new Disk(folder.resolve("work"), 0, holding);

    assertThat(disk.isLow()).isTrue();
    assertThat(holding.reason().orElseThrow()).contains("can't be used");
    Files.createDirectory(folder.resolve("work"));
    assertThat(disk.isLow()).isFalse();
    Files.delete(folder.resolve("work"));
    assertThat(disk.isLow()).isTrue();
  }
}
