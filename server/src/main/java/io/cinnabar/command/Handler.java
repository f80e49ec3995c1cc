package io.cinnabar.command;

/**
 * The code of one command. It does four things, in this order: read its arguments, look up values,
 * change them, say what changed. It throws {@link CommandError} to answer an error instead.
 */
@FunctionalInterface
public interface Handler {
  void run(Call call);
}
