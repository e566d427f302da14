package io.aihub.client.script;

import com.oracle.graal.python.PythonLanguage;
import com.oracle.graal.python.builtins.modules.MarshalModuleBuiltins;
import com.oracle.graal.python.nodes.bytecode_dsl.BytecodeDSLCodeUnit;
import com.oracle.graal.python.nodes.bytecode_dsl.PBytecodeDSLRootNode;
import java.lang.reflect.Field;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The functions that GraalPy remembers for as long as its engine lives, so that contexts share what
 * they import. It remembers those that scripts compile as well, which nobody shares: a megabyte for
 * each context of a large script. What is loaded from byte code may be a library that the next
 * context shares, or what a script has made up; so much of it is kept, and then none. There is no
 * hook for it; a test tells where a new version of GraalPy differs, and there the client works on
 * with what it can't let go of. Thread-safe.
 */
final class CompiledCode {

  private static final Logger LOG = Logger.getLogger(CompiledCode.class.getName());

  /** More than the libraries of a script have; what is forgotten is read from its file again. */
  static final int MAX_LOADED = 5_000;

  private final Map<?, ?> calls;
  private final Map<?, ?> remembered;
  private final Map<?, ?> loadedModules;
  private final Field supplier;
  private final Set<Object> ours = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<Object> ourModules = Collections.newSetFromMap(new IdentityHashMap<>());

  private CompiledCode(
      Map<?, ?> calls, Map<?, ?> remembered, Map<?, ?> loadedModules, Field supplier) {
    this.calls = calls;
    this.remembered = remembered;
    this.loadedModules = loadedModules;
    this.supplier = supplier;
    loaded(); // where it can't be told of one, it shows now
    ours.addAll(remembered.values());
    ourModules.addAll(loadedModules.values());
  }

  /**
   * Of the engine whose context this thread has entered: the first one, and no script has run yet.
   * What is remembered now is the client's own and stays.
   */
  static CompiledCode ofCurrentEngine() {
    return of(PythonLanguage.get(null));
  }

  /** Of a {@link PythonLanguage}. Where it isn't as it should be that is logged, and no more. */
  static CompiledCode of(Object language) {
    Map<?, ?> calls = Collections.emptyMap();
    try {
      calls = WeakData.putIn(language);
    } catch (ReflectiveOperationException | RuntimeException | LinkageError changed) {
      keeps("the modules of scripts, half a megabyte each", changed);
    }
    try {
      return new CompiledCode(
          calls,
          map(language, "runtimeCachedRootNodes"),
          map(language, "cachedCode"),
          field(BytecodeDSLCodeUnit.class, "supplier"));
    } catch (ReflectiveOperationException | RuntimeException | LinkageError changed) {
      keeps("the functions of scripts, a megabyte for each context of a large one", changed);
      return new CompiledCode(calls, Collections.emptyMap(), Collections.emptyMap(), null);
    }
  }

  private static void keeps(String what, Throwable changed) {
    LOG.log(
        Level.WARNING,
        "This version of GraalPy keeps " + what + ": the client's memory will grow",
        changed);
  }

  private static Map<?, ?> map(Object language, String name) throws ReflectiveOperationException {
    return (Map<?, ?>) field(language.getClass(), name).get(language);
  }

  static Field field(Class<?> owner, String name) throws NoSuchFieldException {
    Field field = owner.getDeclaredField(name);
    field.setAccessible(true);
    return field;
  }

  /**
   * Forgets what was compiled from source since the start, and what was loaded from byte code where
   * that is too much. Where a context still runs, it has its functions all the same.
   */
  void forget() {
    remembered.values().removeIf(root -> isOfScripts(root) && !isLoaded(root));
    if (loaded() > MAX_LOADED) {
      loadedModules.values().removeIf(module -> !ourModules.contains(module));
      remembered.values().removeIf(this::isOfScripts);
    }
  }

  /** How many functions were loaded from byte code since the start and are remembered. */
  int loaded() {
    return (int)
        remembered.values().stream().filter(root -> isOfScripts(root) && isLoaded(root)).count();
  }

  /** How many places in code are known to call into Java. */
  int calls() {
    return calls.size();
  }

  private boolean isOfScripts(Object root) {
    return root instanceof PBytecodeDSLRootNode && !ours.contains(root);
  }

  private boolean isLoaded(Object root) {
    try {
      return supplier.get(((PBytecodeDSLRootNode) root).getCodeUnit())
          instanceof MarshalModuleBuiltins.BytecodeSupplier;
    } catch (IllegalAccessException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
