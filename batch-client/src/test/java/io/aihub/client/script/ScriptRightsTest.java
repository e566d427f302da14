package io.aihub.client.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.aihub.client.script.ScriptOutcome.Failed;
import io.aihub.queue.api.FailureClass;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A script gets at its own directories, reads its libraries, and has nothing else of the host. */
@ExtendWith(SharedWorker.class)
class ScriptRightsTest {

  @AfterAll
  static void nothingIsLeft(TestWorker worker) throws Exception {
    worker.assertGoesOn();
    worker.assertNothingLeft();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "open('/etc/passwd')",
        "open('/proc/self/environ')",
        "open('/dev/zero')",
        "open(d + '/../../secret')",
        "open(d + '/../secret')",
        "open('../tmp/../secret', 'w')",
        "open(d + '/../../escape', 'w')",
        "open(sys.pycache_prefix + '/planted', 'w')",
        "os.listdir(sys.pycache_prefix)",
        "open(requests.__file__, 'a')",
        "os.remove(requests.__file__)",
        "os.rename(requests.__file__, 'mine.py')",
        "os.utime(requests.__file__)",
        "os.chmod(requests.__file__, 0o777)",
        "os.truncate(requests.__file__, 0)",
        "os.listdir('/')",
        "os.stat('/etc/passwd')",
        "os.chdir('/')",
        "os.mkdir('/tmp/escape')",
        "os.symlink('/etc/passwd', 'own')",
        "os.link(requests.__file__, 'own')",
        "os.readlink('/proc/self/exe')",
        "os.symlink('/etc', 'own', target_is_directory=True)",
        "pathlib.Path('own').symlink_to('../..')",
        "pathlib.Path('own').hardlink_to('/etc/passwd')",
        "os.rmdir(tempfile.gettempdir())",
        "os.rename(tempfile.gettempdir(), 'moved')",
        "shutil.copy('/etc/passwd', 'own')",
        "shutil.move(tempfile.gettempdir(), 'moved')",
        "os.mkfifo('pipe')",
        "os.mknod('device')",
        "mmap.mmap(os.open('/etc/passwd', 0), 10)",
        "os.open('/etc/passwd', os.O_RDONLY | os.O_NOFOLLOW)",
        "os.system('true')",
        "os.popen('true')",
        "os.posix_spawn('/bin/true', ['true'], {})",
        "subprocess.run(['true'])",
        "__import__('multiprocessing').Process(target=print).start()",
        "__import__('java').type('java.lang.System')",
        "__import__('java').add_to_classpath('/')",
        "__import__('polyglot').eval(language='js', string='1')",
        "__import__('polyglot').import_value('x')",
        "__import__('ctypes').CDLL(None)",
        "__import__('_ctypes')",
        "importlib.machinery.ExtensionFileLoader('x', d + '/x.so').create_module(importlib.machinery.ModuleSpec('x', None, origin=d + '/x.so'))",
        "__import__('__graalpython__').which('true').x"
      })
  void whatItMayNotDoIsRefused(String statement, TestWorker worker) throws Exception {
    Path secret = Files.writeString(worker.root().resolve("secret"), "secret");
    Path outer = Files.writeString(worker.root().resolveSibling("secret"), "secret");

    Failed failed =
        worker.failure(
            """
            import importlib.machinery, mmap, os, pathlib, requests, shutil, subprocess, sys, tempfile
            def download(line, d):
                print(STATEMENT)
            """
                .replace("STATEMENT", statement));

    assertThat(failed.failureClass()).as(failed.output()).isEqualTo(FailureClass.SCRIPT);
    assertThat(secret).hasContent("secret");
    assertThat(outer).hasContent("secret");
    assertThat(worker.root().resolveSibling("escape")).doesNotExist();
    assertThat(worker.root().resolve("tmp")).isEmptyDirectory();
    Files.delete(secret);
  }

  @Test
  void theEnvironmentIsAFewNames(TestWorker worker) throws Exception {
    Failed failed =
        worker.failure(
            """
            import os, sys
            def download(line, d):
                print(sorted(os.environ), sys.argv, sys.executable, sys.stdin.read())
            """);

    assertThat(failed.output())
        .isEqualTo(
            "['HOME', 'LANG', 'TMPDIR', 'TZ', 'UNSAFE_PYO3_SKIP_VERSION_CHECK']"
                + " ['download']  \n");
  }

  @Test
  void theNullDeviceGivesNothingAndKeepsNothing(TestWorker worker) throws Exception {
    Failed failed =
        worker.failure(
            """
            import os
            def download(line, d):
                with open(os.devnull, 'w') as null:
                    print('kept nowhere', file=null)
                with open('/dev/../dev/null', 'r+b') as null:
                    print(null.write(b'x' * (2 << 20)), null.read(), null.seek(0))
                with open('/dev/null', 'a') as null, open('/dev/null', 'rb') as other:
                    print(null.tell(), other.read(), os.fstat(other.fileno()).st_size)
                handle = os.open(os.devnull, os.O_RDWR)
                print(os.write(handle, b'four'), os.read(handle, 10))
                os.close(handle)
                print(os.path.exists(os.devnull), os.access(os.devnull, os.W_OK), os.path.isfile(os.devnull))
                for attempt in (os.remove, os.rmdir, lambda path: os.rename(path, 'own')):
                    try: attempt(os.devnull)
                    except OSError: print('refused')
            """);

    assertThat(failed.output())
        .isEqualTo(
            """
            2097152 b'' 0
            0 b'' 0
            4 b''
            True True False
            refused
            refused
            refused
            """);
  }
}
