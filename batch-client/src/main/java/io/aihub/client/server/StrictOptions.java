package io.aihub.client.server;

import io.aihub.script.api.ScriptOptions;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.bind.adapter.JsonbAdapter;
import java.util.List;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Reads how a task wants its script run. JSON-B passes over what it doesn't know, which may be what
 * a newer server forbids the script; here it becomes a host that nobody can read, so that the
 * script isn't run.
 */
final class StrictOptions implements JsonbAdapter<ScriptOptions, JsonValue> {

  private static final Logger LOG = Logger.getLogger(StrictOptions.class.getName());
  private static final String HOSTS = "allowedHosts";
  private static final String JAVA_WIRE = "javaWire";

  /** No host has a blank in it; {@code true} alone would be one. */
  private static final String UNREADABLE = "options: ";

  private static final Set<String> KNOWN = Set.of(HOSTS, JAVA_WIRE);

  @Override
  public ScriptOptions adaptFromJson(JsonValue value) {
    if (value == null || value.equals(JsonValue.NULL)) {
      return null;
    }
    try {
      JsonObject options = value.asJsonObject();
      if (KNOWN.containsAll(options.keySet())) {
        return new ScriptOptions(hosts(options), javaWire(options));
      }
    } catch (ClassCastException changed) {
      LOG.log(Level.FINE, "A known option has a new form", changed);
    }
    return new ScriptOptions(List.of(UNREADABLE + value), null);
  }

  private static List<String> hosts(JsonObject options) {
    return isMissing(options, HOSTS)
        ? null
        : options.getJsonArray(HOSTS).getValuesAs(JsonString::getString);
  }

  private static Boolean javaWire(JsonObject options) {
    if (isMissing(options, JAVA_WIRE)) {
      return null;
    }
    return options.getBoolean(JAVA_WIRE);
  }

  private static boolean isMissing(JsonObject options, String name) {
    return !options.containsKey(name) || options.isNull(name);
  }

  @Override
  public JsonValue adaptToJson(ScriptOptions options) {
    throw new UnsupportedOperationException("clients only read them");
  }
}
