/**
 * Copies of the data set on other servers: which history of changes this server has, the newest
 * part of it in memory, the replicas that follow it, and the link to a primary that it follows.
 */
@NullMarked
package io.cinnabar.replication;

import org.jspecify.annotations.NullMarked;
