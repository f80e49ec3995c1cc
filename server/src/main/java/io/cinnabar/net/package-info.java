/**
 * The transport: connections that carry bytes between sockets and sessions. The only package that
 * knows the I/O library.
 */
@NullMarked
package io.cinnabar.net;

import org.jspecify.annotations.NullMarked;
