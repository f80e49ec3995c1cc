package io.cinnabar.config;

/** A snapshot is due once {@code changes} were made and {@code seconds} have passed. */
public record SavePoint(long seconds, int changes) {}
