package io.cinnabar.persistence;

/**
 * Where in the stream of changes a snapshot was taken: files of RDB tell it in {@code repl-id},
 * {@code repl-offset} and {@code repl-stream-db}.
 *
 * @param id the history's
 * @param offset how many bytes of the stream there were
 * @param database for which database the last command was
 */
public record StreamPosition(String id, long offset, int database) {}
