/**
 * A machine that exists only in memory, for tests: time that a test moves, a network without
 * sockets, a disk without files, workers without threads. A whole server runs on it in one thread,
 * and runs the same way again from the same seed.
 */
@NullMarked
package io.cinnabar.virtual;

import org.jspecify.annotations.NullMarked;
