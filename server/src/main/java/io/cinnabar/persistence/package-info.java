/**
 * Values as bytes outside of the server: the format of RDB files, which DUMP and RESTORE use for
 * single values, too.
 */
@NullMarked
package io.cinnabar.persistence;

import org.jspecify.annotations.NullMarked;
