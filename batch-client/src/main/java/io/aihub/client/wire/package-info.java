/**
 * HTTP for download scripts, done in Java: one pool of connections for all of them. What scripts
 * see of it is Python's {@code requests} and {@code urllib3}, see {@code wire/*.py}.
 */
package io.aihub.client.wire;
