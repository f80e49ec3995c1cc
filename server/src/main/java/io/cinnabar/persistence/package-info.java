/**
 * The data set outside of the server: files of RDB, whose values DUMP and RESTORE use, too, and the
 * append-only file; saving, journaling, rewriting, loading and examining them.
 */
@NullMarked
package io.cinnabar.persistence;

import org.jspecify.annotations.NullMarked;
