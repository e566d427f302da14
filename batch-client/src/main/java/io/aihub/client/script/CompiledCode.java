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

/**
 * The functions that GraalPy remembers for as long as its engine lives, so that contexts share what
 * they import. It remembers those that scripts compile as well, which nobody shares: a megabyte for
 * each context of a large script. What is loaded from byte code may be a library that the next
 * context shares, or what a script has made up; so much of it is kept, and then none. There is no
 * hook for it; a test tells where a new version of GraalPy differs. Thread-safe.
 */
final class CompiledCode {

  /** More than the libraries of a script have; what is forgotten is read from its file again. */
  static final int MAX_LOADED = 5_000;

  private final Map<?, ?> remembered;
  private final Map<?, ?> loadedModules;
  private final Field supplier;
  private final Set<Object> ours = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<Object> ourModules = Collections.newSetFromMap(new IdentityHashMap<>());

  private CompiledCode(PythonLanguage language) {
    try {
      remembered = map(language, "runtimeCachedRootNodes");
      loadedModules = map(language, "cachedCode");
      supplier = field(BytecodeDSLCodeUnit.class, "supplier");
      letGoOfNodes(language);
    } catch (ReflectiveOperationException changed) {
      throw new IllegalStateException("this GraalPy keeps its functions elsewhere", changed);
    }
    ours.addAll(remembered.values());
    ourModules.addAll(loadedModules.values());
  }

  /**
   * GraalPy notes by node what it knows of calls into Java, in a map of weak keys; but the values
   * know their nodes, so that none is ever let go of, nor the module that it is of.
   */
  private static void letGoOfNodes(PythonLanguage language) throws ReflectiveOperationException {
    Field calls = field(PythonLanguage.class, "interopCallDataMap");
    Map<?, ?> known = (Map<?, ?>) calls.get(language);
    synchronized (known) {
      calls.set(language, new WeakData<>(known));
    }
  }

  private static Map<?, ?> map(PythonLanguage language, String name)
      throws ReflectiveOperationException {
    return (Map<?, ?>) field(PythonLanguage.class, name).get(language);
  }

  private static Field field(Class<?> owner, String name) throws NoSuchFieldException {
    Field field = owner.getDeclaredField(name);
    field.setAccessible(true);
    return field;
  }

  /**
   * Of the engine whose context this thread has entered: the first one, and no script has run yet.
   * What is remembered now is the client's own and stays.
   */
  static CompiledCode ofCurrentEngine() {
    return new CompiledCode(PythonLanguage.get(null));
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
