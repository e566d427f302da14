package io.aihub.testbed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A Payara domain of a test bed, copied from the one in the distribution, with ports of its own.
 * What takes time (asadmin, the trust store) is done once for a template and then copied.
 */
final class PayaraDomain {

  private static final String ENTRY = "com.sun.enterprise.glassfish.bootstrap.ASMain";

  private final Path payara;
  private final Path folder;
  private final Path setup;
  private final int adminPort;
  private List<String> command;
  private boolean deployed;

  /**
   * @param payara the unpacked distribution
   * @param setup folder of the set-up that test bed and image share
   */
  PayaraDomain(Path payara, Path folder, Path setup, int adminPort) {
    this.payara = payara;
    this.folder = folder;
    this.setup = setup;
    this.adminPort = adminPort;
  }

  /** Makes a fresh domain. */
  void create(int httpPort) throws IOException {
    Path template = template();
    copy(template, folder);
    Path configuration = folder.resolve("config/domain.xml");
    Map<String, String> changes = new LinkedHashMap<>();
    listen(changes, "8080", httpPort);
    listen(changes, "8181", Ports.free());
    listen(changes, "4848", adminPort);
    for (String port : List.of("3700", "3820", "3920", "8686")) {
      changes.put(
          "address=\"0.0.0.0\" port=\"" + port + "\"",
          "address=\"127.0.0.1\" port=\"" + Ports.free() + "\"");
    }
    changes.put("value=\"7676\"", "value=\"" + Ports.free() + "\"");
    changes.put("das-port=\"4900\"", "das-port=\"" + Ports.free() + "\"");
    String text = Files.readString(configuration);
    for (Map.Entry<String, String> change : changes.entrySet()) {
      if (!text.contains(change.getKey())) {
        throw new IllegalStateException("Not in " + configuration + ": " + change.getKey());
      }
      text = text.replace(change.getKey(), change.getValue());
    }
    Files.writeString(configuration, text);
    command =
        Files.readAllLines(template.resolve("command")).stream()
            .map(word -> word.replace(template.toString(), folder.toString()))
            .map(word -> word.replace("telnet.port=6666", "telnet.port=" + Ports.free()))
            .toList();
  }

  private static void listen(Map<String, String> changes, String standard, int port) {
    changes.put(
        "<network-listener port=\"" + standard + "\"",
        "<network-listener address=\"127.0.0.1\" port=\"" + port + "\"");
  }

  /** The command line that starts the domain; the first time it deploys the application too. */
  List<String> startCommand(Path ear) throws IOException {
    List<String> words = new ArrayList<>(command);
    int entry = words.indexOf(ENTRY);
    List<String> files = new ArrayList<>();
    files.addAll(List.of("-prebootcommandfile", setup.resolve("setup.asadmin").toString()));
    if (!deployed) {
      Path deploy = folder.resolve("deploy.asadmin");
      Files.writeString(deploy, "deploy --force=true --name=aihub " + ear + "\n");
      files.addAll(List.of("-postbootcommandfile", deploy.toString()));
    }
    words.addAll(entry + 1, files);
    return words;
  }

  /** From now on the domain loads the application by itself. */
  void deployed() {
    deployed = true;
  }

  int adminPort() {
    return adminPort;
  }

  Path payara() {
    return payara;
  }

  Path folder() {
    return folder;
  }

  private Path template() throws IOException {
    Path domains = payara.resolve("glassfish/domains");
    Path preparation = setup.resolve("PrepareDomain.java");
    // another preparation makes another template: one of an older build must not serve on
    String name = "testbed-" + Integer.toHexString(Files.readString(preparation).hashCode());
    Path template = domains.resolve(name);
    if (Files.exists(template.resolve("command"))) {
      return template;
    }
    Path log = payara.resolve(name + ".log");
    copy(domains.resolve("domain1"), template);
    run(
        log,
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        preparation.toString(),
        template.toString());
    run(log, payara.resolve("bin/asadmin").toString(), "start-domain", "--dry-run", name);
    List<String> words =
        new ArrayList<>(
            Files.readAllLines(log).stream()
                .dropWhile(line -> !line.startsWith("Dump of JVM"))
                .skip(1)
                .takeWhile(line -> !line.isEmpty())
                .toList());
    if (!words.contains(ENTRY)) {
      throw new IllegalStateException("asadmin gave no command line; see " + log);
    }
    // No administrator is there to type passwords; errors go to the log, which is our output.
    words.set(words.indexOf("-read-stdin") + 1, "false");
    words.set(words.indexOf("-verbose") + 1, "true");
    Files.write(template.resolve("command"), words);
    return template;
  }

  private static void run(Path log, String... command) throws IOException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    if (Waiting.forEnd(process) != 0) {
      throw new IllegalStateException("Failed: " + String.join(" ", command) + "; see " + log);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
  }
}
