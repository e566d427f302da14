package io.aihub.web.support;

import io.aihub.queue.api.LedgerView;
import io.aihub.requirement.api.PackagePin;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.text.MessageFormat;
import java.text.NumberFormat;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.TextStyle;
import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** How the pages write times, sizes and names, in the reader's language. */
@Named("text")
@RequestScoped
public class TextFormat {

  private static final int MOST_PINS = 6;
  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  private static final DateTimeFormatter TO_THE_SECOND =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

  @Inject private Language language;
  @Inject private Clock clock;

  /** The zone that all pages show and take times in, whatever the browser's is. */
  @Inject
  @ConfigProperty(name = "aihub.web.time-zone", defaultValue = "Asia/Shanghai")
  private ZoneId zone;

  @Inject
  @ConfigProperty(name = "aihub.storage.bucket", defaultValue = "datasetdownload")
  private String bucket;

  public ZoneId getZone() {
    return zone;
  }

  /** The sentence in every page's footer that says which zone the times are in. */
  public String getZoneNote() {
    String offset = zone.getRules().getOffset(clock.instant()).getId();
    return message("zone.note", getZoneName(), "UTC" + (offset.equals("Z") ? "" : offset));
  }

  public String getZoneName() {
    return zone.getDisplayName(TextStyle.FULL, language.getLocale());
  }

  /** To the second; an en dash for null. */
  public String time(Instant instant) {
    return instant == null ? "–" : TO_THE_SECOND.format(instant.atZone(zone));
  }

  /** The name of an enum's constant: key {@code TaskState.CREATED} and the like. */
  public String label(Enum<?> constant) {
    return constant == null
        ? "–"
        : message(constant.getDeclaringClass().getSimpleName() + "." + constant.name());
  }

  public String number(long value) {
    return NumberFormat.getIntegerInstance(Locale.ROOT).format(value);
  }

  /** With a binary unit and three digits or so: 0 B, 999 B, 1.5 KiB, 20.0 MiB. */
  public String bytes(long value) {
    double scaled = value;
    int unit = 0;
    while (scaled >= 1024 && unit < UNITS.length - 1) {
      scaled /= 1024;
      unit++;
    }
    return unit == 0
        ? value + " B"
        : String.format(Locale.ROOT, scaled < 100 ? "%.2f %s" : "%.0f %s", scaled, UNITS[unit]);
  }

  /** To three digits or so: 999 ms, 1.50 s, 120 s. */
  public String duration(long millis) {
    double seconds = millis / 1000.0;
    return millis < 1000
        ? millis + " ms"
        : String.format(Locale.ROOT, seconds < 100 ? "%.2f s" : "%.0f s", seconds);
  }

  /** One after the other; an en dash where there are none. */
  public String list(List<String> names) {
    return names.isEmpty() ? "–" : String.join(", ", names);
  }

  /**
   * Packages with their versions, one after the other; of many the first and how many there are.
   */
  public String pins(List<PackagePin> pins) {
    if (pins.isEmpty()) {
      return message("required.nothing");
    }
    String first =
        pins.stream()
            .limit(MOST_PINS)
            .map(pin -> pin.name() + " " + pin.version())
            .collect(Collectors.joining(", "));
    return pins.size() <= MOST_PINS ? first : message("required.first", first, pins.size());
  }

  /** The address of a folder of the target bucket: {@code s3://bucket/path/}. */
  public String location(String targetPath) {
    return "s3://" + bucket + "/" + targetPath + "/";
  }

  /** Settled lines in percent, rounded down: 100 means all of them, and the index read. */
  public int percent(LedgerView ledger) {
    if (ledger.lines() == 0) {
      return ledger.indexRead() ? 100 : 0;
    }
    int percent = (int) (ledger.settled() * 100 / ledger.lines());
    return ledger.indexRead() ? percent : Math.min(percent, 99);
  }

  /** {@code part} of a ledger's lines in percent with a decimal point, for style sheets. */
  public String share(long part, LedgerView ledger) {
    return ledger.lines() == 0
        ? "0"
        : String.format(Locale.ROOT, "%.2f", part * 100.0 / ledger.lines());
  }

  /** Whether the page's bundle has a text of this key. */
  public boolean has(String key) {
    return bundle(language.getLocale()).containsKey(key);
  }

  private static ResourceBundle bundle(Locale reader) {
    return ResourceBundle.getBundle("io.aihub.web.messages", reader);
  }

  /** A text of the page's bundle with its placeholders filled in. */
  public String message(String key, Object... arguments) {
    return messageFor(language.getLocale(), key, arguments);
  }

  /** The same in the language of a reader. */
  public String messageFor(Locale reader, String key, Object... arguments) {
    String pattern = bundle(reader).getString(key);
    return arguments.length == 0
        ? pattern
        : new MessageFormat(pattern, Locale.ROOT).format(arguments);
  }
}
