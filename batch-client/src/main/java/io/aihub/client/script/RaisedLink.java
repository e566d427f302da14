package io.aihub.client.script;

import java.util.List;

/**
 * An exception that a script raised, or one that it was raised from or wraps.
 *
 * @param types qualified names of its class and all base classes
 * @param status HTTP status of the answer it carries, or -1
 * @param retryAfter the answer's Retry-After header, or null
 * @param errno the operating system's error number, or -1
 */
record RaisedLink(List<String> types, int status, String retryAfter, int errno) {

  boolean isAny(List<String> names) {
    return types.stream().anyMatch(names::contains);
  }
}
