package io.aihub.client.relay;

/**
 * How one upload ended.
 *
 * @param end what happened
 * @param message the relay's or the network's own words; null where it was stored
 */
record PutResult(End end, String message) {

  enum End {
    STORED,
    /** 412: something stands at that key; the server decides. */
    OCCUPIED,
    /** The grant is not accepted (any more): ask for a new one. */
    GRANT_REFUSED,
    /** Storage or relay is down, full or slow: hold, and try again. */
    AWAY,
    /** 500: storage is down, or can't do with this file. */
    FAULT,
    /** This file is refused, and would be again. */
    REJECTED
  }
}
