package io.cinnabar.command;

/**
 * How many copies of what it has written a client waits for.
 *
 * @param onDisk whether only what is on a disk is a copy
 * @param local how many on this server's own disk: 0 or 1
 * @param replicas how many with replicas
 */
public record Copies(boolean onDisk, long local, long replicas) {}
