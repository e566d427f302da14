package io.aihub.client.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The list by which the server checks imports, against what contained scripts can really import.
 */
class ImportableModulesTest {

  private static final String SCRIPT =
      """
      import importlib, warnings
      warnings.simplefilter('ignore')

      def download(line, folder):
          wanted, names = line.split(':')
          wrong = []
          for name in names.split():
              try:
                  importlib.import_module(name)
                  there = True
              except Exception:
                  there = False
              if there != (wanted == 'there'):
                  wrong.append(name)
          with open(folder + '/answer', 'w') as answer:
              answer.write(' '.join(wrong))
          return folder + '/answer'
      """;

  @TempDir Path temporary;

  @Test
  void everyModuleIsAsTheListSays() throws Exception {
    Properties lists = new Properties();
    try (InputStream text =
        getClass().getResourceAsStream("/io/aihub/script/api/modules.properties")) {
      lists.load(text);
    }
    try (ScriptRuntime runtime =
            new ScriptRuntime(Path.of("target/script-runtime").toAbsolutePath());
        ScriptContext context = runtime.newContext(Files.createDirectory(temporary.resolve("w")))) {
      for (String there : new String[] {"standard", "libraries", "stand-ins"}) {
        assertThat(wrong(context, "there", lists.getProperty(there))).as(there).isEmpty();
      }
      assertThat(wrong(context, "missing", lists.getProperty("broken"))).as("broken").isEmpty();
    }
  }

  /** A few at a call, so that no limit of a call is in the way. */
  private List<String> wrong(ScriptContext context, String wanted, String modules)
      throws Exception {
    List<String> names = List.of(modules.trim().split("\\s+"));
    List<String> wrong = new ArrayList<>();
    for (int from = 0; from < names.size(); from += 20) {
      List<String> some = names.subList(from, Math.min(from + 20, names.size()));
      String answer = call(context, wanted + ":" + String.join(" ", some));
      wrong.addAll(Arrays.stream(answer.split(" ")).filter(name -> !name.isEmpty()).toList());
    }
    return wrong;
  }

  private String call(ScriptContext context, String line) throws Exception {
    Path folder = Files.createTempDirectory(temporary.resolve("w"), "line");
    byte[] source = SCRIPT.getBytes(StandardCharsets.UTF_8);
    String sha256 = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(source));
    ScriptOutcome outcome =
        context.download(new Script(sha256, SCRIPT), line, folder, Duration.ofMinutes(5));
    assertThat(outcome).isInstanceOf(ScriptOutcome.Produced.class);
    return Files.readString(((ScriptOutcome.Produced) outcome).file());
  }
}
