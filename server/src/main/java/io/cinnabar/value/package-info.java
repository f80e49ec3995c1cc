/**
 * The data types over the structures: string, list, hash, set, sorted set and stream, and the
 * points at which each of them changes its encoding.
 */
@NullMarked
package io.cinnabar.value;

import org.jspecify.annotations.NullMarked;
