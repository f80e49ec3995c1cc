/**
 * Data structures as bytes in and bytes out: listpack, intset, segmented hash table, skip list,
 * quicklist and radix tree, the larger ones over the arena; also HyperLogLog, LZF and CRC.
 */
@NullMarked
package io.cinnabar.structure;

import org.jspecify.annotations.NullMarked;
