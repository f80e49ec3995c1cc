package io.cinnabar.value;

import io.cinnabar.structure.Slice;

/** The fields and values of an entry that is to be added to a stream. */
public interface StreamFields {

  /** How many fields there are, at least one. */
  int count();

  /** A field's name; the slice stays as it is until the next change of the data. */
  Slice field(int index);

  /** A field's value; the slice stays as it is until the next change of the data. */
  Slice value(int index);
}
