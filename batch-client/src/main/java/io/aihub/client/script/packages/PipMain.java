package io.aihub.client.script.packages;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.EnvironmentAccess;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.io.IOAccess;

/** The process that {@link PipProcess} starts: {@code PipMain FOLDER BYTE-CODE}. */
public final class PipMain {

  private PipMain() {}

  public static void main(String[] arguments) throws IOException {
    endWithParent();
    Path folder = Path.of(arguments[0]);
    try (Context context = open(folder, Path.of(arguments[1]))) {
      run(context, folder);
    }
  }

  /** pip, ready to run. */
  static Context open(Path home, Path byteCode) throws IOException {
    Context context =
        Context.newBuilder("python")
            .allowIO(IOAccess.ALL)
            .allowCreateThread(true)
            .allowEnvironmentAccess(EnvironmentAccess.NONE)
            .environment("HOME", home.toString())
            .environment("TMPDIR", home.toString())
            .environment("LANG", "C.UTF-8")
            .arguments("python", new String[] {"pip"})
            .option("engine.WarnInterpreterOnly", "false")
            .option("python.PosixModuleBackend", "java")
            .option("python.WarnExperimentalFeatures", "false")
            .option("python.DontWriteBytecodeFlag", "false")
            .option("python.PyCachePrefix", byteCode.toString())
            .build();
    try (InputStream text = PipMain.class.getResourceAsStream("pip.py")) {
      String pip = new String(text.readAllBytes(), StandardCharsets.UTF_8);
      context.eval(Source.newBuilder("python", pip, "pip.py").build());
    }
    return context;
  }

  /** Does what {@code request.json} in the folder says, and leaves {@code answer.json} there. */
  static void run(Context context, Path folder) {
    context.getBindings("python").getMember("run").executeVoid(folder.toString());
  }

  /** Nothing is ever written to standard input; it ends when the client does, however it does. */
  private static void endWithParent() {
    Thread watch =
        new Thread(
            () -> {
              try {
                System.in.transferTo(OutputStream.nullOutputStream());
              } catch (IOException gone) {
                // as the end
              }
              Runtime.getRuntime().halt(1);
            },
            "parent-watch");
    watch.setDaemon(true);
    watch.start();
  }
}
