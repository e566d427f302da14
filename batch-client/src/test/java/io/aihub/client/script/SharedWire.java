package io.aihub.client.script;

/** A {@link WireBed} for tests of scripts that ask an origin. */
final class SharedWire extends Shared<WireBed> {

  SharedWire() {
    super(WireBed.class, WireBed::new);
  }
}
