/**
 * Which clients have cached which keys, or want to hear of all that begin with some prefix, and how
 * they are told that a key is no longer what it was. Knows no commands; a client is whoever can be
 * sent bytes.
 */
@NullMarked
package io.cinnabar.tracking;

import org.jspecify.annotations.NullMarked;
