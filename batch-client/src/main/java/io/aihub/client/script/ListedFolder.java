package io.aihub.client.script;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Path;
import java.util.Iterator;

/** A folder that a script lists; it counts as open until it is closed. */
final class ListedFolder implements DirectoryStream<Path> {

  private final DirectoryStream<Path> folder;
  private final DiskQuota quota;

  ListedFolder(DirectoryStream<Path> folder, DiskQuota quota) throws IOException {
    this.folder = folder;
    this.quota = quota;
    try {
      quota.opened(this);
    } catch (IOException tooMany) {
      folder.close();
      throw tooMany;
    }
  }

  @Override
  public Iterator<Path> iterator() {
    return folder.iterator();
  }

  @Override
  public void close() throws IOException {
    quota.closed(this);
    folder.close();
  }
}
