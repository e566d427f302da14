package io.aihub.shared;

import java.util.List;

/**
 * One page of a longer list.
 *
 * @param items the rows from {@code offset} on
 * @param offset index of the first row, from 0
 * @param total number of rows in the whole list
 */
public record Page<T>(List<T> items, int offset, long total) {}
