package io.aihub.queue.api;

import java.util.Map;

/**
 * How one file may be uploaded. The client sends exactly this request, adding nothing and leaving
 * nothing out, with the file as its body.
 *
 * @param line the line that the file comes from
 * @param decision whether to upload at all
 * @param method where the decision is PUT: the HTTP method
 * @param url where the decision is PUT: a presigned address on the relay
 * @param headers where the decision is PUT: every header that was signed
 * @param failureClass where refused: how to report the line
 * @param message where refused: why
 */
public record UploadGrant(
    long line,
    Decision decision,
    String method,
    String url,
    Map<String, String> headers,
    FailureClass failureClass,
    String message) {

  /** What to do with the file. */
  public enum Decision {
    PUT,
    /** The same bytes stand there already: report success. */
    ALREADY_THERE,
    /** Report failure with the given class and message. */
    REFUSED
  }
}
