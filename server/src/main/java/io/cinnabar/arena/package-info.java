/**
 * The memory that the data set lives in: slabs, blocks of size classes inside them, integer
 * references to blocks, reclamation by epoch, and compaction.
 */
@NullMarked
package io.cinnabar.arena;

import org.jspecify.annotations.NullMarked;
