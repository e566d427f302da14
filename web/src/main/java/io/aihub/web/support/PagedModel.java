package io.aihub.web.support;

import io.aihub.shared.Page;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.primefaces.model.FilterMeta;
import org.primefaces.model.LazyDataModel;
import org.primefaces.model.SortMeta;

/** A table's rows, fetched a page at a time from a service that answers {@link Page}s. */
public final class PagedModel<T> extends LazyDataModel<T> {

  private static final long serialVersionUID = 1L;

  /** Where the rows come from. */
  public interface Source<T> extends Serializable {
    Page<T> page(int offset, int limit);
  }

  /** What a row is known by. */
  public interface Key<T> extends Function<T, Object>, Serializable {}

  private final Source<T> source;
  private final Key<T> key;

  public PagedModel(Source<T> source, Key<T> key) {
    this.source = source;
    this.key = key;
  }

  /** Left to {@link #load}, whose answer carries the number of rows: one call, not two. */
  @Override
  public int count(Map<String, FilterMeta> filterBy) {
    return 0;
  }

  @Override
  public List<T> load(
      int first, int pageSize, Map<String, SortMeta> sortBy, Map<String, FilterMeta> filterBy) {
    Page<T> page = source.page(first, pageSize);
    if (page.items().isEmpty() && page.total() > 0 && first > 0) {
      // rows have gone, and with them the page that was shown: show the last one there is
      page = source.page((int) ((page.total() - 1) / pageSize * pageSize), pageSize);
    }
    setRowCount((int) Math.min(page.total(), Integer.MAX_VALUE));
    return page.items();
  }

  @Override
  public String getRowKey(T row) {
    return String.valueOf(key.apply(row));
  }

  @Override
  public T getRowData(String rowKey) {
    List<T> rows = getWrappedData();
    return rows == null
        ? null
        : rows.stream().filter(row -> getRowKey(row).equals(rowKey)).findFirst().orElse(null);
  }
}
