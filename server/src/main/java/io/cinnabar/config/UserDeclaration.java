package io.cinnabar.config;

import java.util.List;

/**
 * A line {@code user} of a config file; byte text.
 *
 * @param rules the words behind the name
 * @param place where it was said, as the report of an error shows it
 */
public record UserDeclaration(String name, List<String> rules, String place) {}
