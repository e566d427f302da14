package io.aihub.client.batch;

import io.aihub.client.relay.FinishedFile;
import io.aihub.queue.api.LineResult;

/**
 * What the script made of one line: exactly one of the two.
 *
 * @param file the file to upload, or null
 * @param result the final result where there is no file, or null
 */
record LineWork(FinishedFile file, LineResult result) {

  static LineWork file(FinishedFile file) {
    return new LineWork(file, null);
  }

  static LineWork result(LineResult result) {
    return new LineWork(null, result);
  }
}
