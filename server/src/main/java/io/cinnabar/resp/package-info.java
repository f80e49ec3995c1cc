/**
 * The protocol, RESP2 and RESP3: a decoder of commands and a writer of replies, over bytes and
 * without any I/O library.
 */
@NullMarked
package io.cinnabar.resp;

import org.jspecify.annotations.NullMarked;
