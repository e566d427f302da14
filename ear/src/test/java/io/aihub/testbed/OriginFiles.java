package io.aihub.testbed;

import io.aihub.testbed.OriginFile.Behaviour;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** What an {@link Origin} has: mostly small files, a few large ones, and some that make trouble. */
final class OriginFiles {

  private static final int MIB = 1024 * 1024;
  private static final int SMALL = 40_000;

  private OriginFiles() {}

  /**
   * @param count how many, at least 60; ten of them can't be had at all
   * @param seed what sizes and bytes are made from
   * @param silent whether one of the ten answers nothing until the script loses patience
   */
  static List<OriginFile> generate(int count, long seed, boolean silent) {
    Map<Behaviour, Integer> trouble = new EnumMap<>(Behaviour.class);
    trouble.put(Behaviour.SILENT, silent ? 1 : 0);
    trouble.put(Behaviour.ALWAYS_404, silent ? 3 : 4);
    trouble.put(Behaviour.ALWAYS_403, 2);
    trouble.put(Behaviour.ALWAYS_429, 2);
    trouble.put(Behaviour.ALWAYS_500, 2);
    trouble.put(Behaviour.ONCE_500, 5);
    trouble.put(Behaviour.ONCE_429, 5);
    trouble.put(Behaviour.REDIRECT, 10);
    List<Behaviour> special = new ArrayList<>();
    trouble.forEach(
        (behaviour, times) -> {
          for (int i = 0; i < times; i++) {
            special.add(behaviour);
          }
        });
    // Those that stay failing first: they take longest until they have failed for good.
    special.sort(
        Comparator.comparing(Behaviour::isObtainable)
            .thenComparing(behaviour -> behaviour != Behaviour.SILENT));

    SplittableRandom random = new SplittableRandom(seed);
    int step = count / (special.size() + 1);
    List<OriginFile> files = new ArrayList<>(count);
    for (int number = 0; number < count; number++) {
      boolean hasTrouble = number % step == 7 % step && number / step < special.size();
      files.add(
          new OriginFile(
              number,
              "%d/_/%04x_%04x.jpg".formatted(14_800 + number % 9, number, random.nextInt(0x10000)),
              size(number, random),
              hasTrouble ? special.get(number / step) : Behaviour.PLAIN,
              number % 5 == 0,
              seed));
    }
    return files;
  }

  private static int size(int number, SplittableRandom random) {
    return switch (number) {
      case 0 -> 0;
      case 1 -> 1;
      case 20 -> 20 * MIB;
      case 25, 30 -> 5 * MIB;
      default -> number % 150 == 40 ? MIB : random.nextInt(100, SMALL);
    };
  }
}
