package io.aihub.web.support;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Ends a request's body where its Content-Length says it ends. Payara shows no end of it where the
 * request offers an upgrade of its connection, as the first request of Java's own HTTP client does:
 * whoever reads on would wait until the connection times out.
 */
@WebFilter(
    urlPatterns = {"/api/*", "/soap/*"},
    asyncSupported = true)
public class BodyEndFilter extends HttpFilter {

  private static final long serialVersionUID = 1L;

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    boolean endless = request.getHeader("Upgrade") != null && request.getContentLengthLong() >= 0;
    chain.doFilter(endless ? new Ended(request) : request, response);
  }

  private static final class Ended extends HttpServletRequestWrapper {

    private ServletInputStream body;

    private Ended(HttpServletRequest request) {
      super(request);
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
      if (body == null) {
        body = new Body(super.getInputStream(), getContentLengthLong());
      }
      return body;
    }
  }

  private static final class Body extends ServletInputStream {

    private final ServletInputStream all;
    private long left;

    private Body(ServletInputStream all, long length) {
      this.all = all;
      this.left = length;
    }

    @Override
    public int read() throws IOException {
      if (left == 0) {
        return -1;
      }
      int one = all.read();
      left = one < 0 ? 0 : left - 1;
      return one;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (left == 0) {
        return length == 0 ? 0 : -1;
      }
      int count = all.read(bytes, offset, (int) Math.min(length, left));
      left = count < 0 ? 0 : left - count;
      return count;
    }

    @Override
    public boolean isFinished() {
      return left == 0 || all.isFinished();
    }

    @Override
    public boolean isReady() {
      return left == 0 || all.isReady();
    }

    @Override
    public void setReadListener(ReadListener listener) {
      all.setReadListener(listener);
    }
  }
}
