package io.cinnabar.config;

/**
 * A line {@code rename-command} of a config file: the command is found under the new name only.
 *
 * @param command its name, as it was given
 * @param name the new one; empty takes the command away
 * @param place where it was said, as the report of an error shows it
 */
public record CommandRename(String command, String name, String place) {}
