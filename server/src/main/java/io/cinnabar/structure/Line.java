package io.cinnabar.structure;

import org.jspecify.annotations.Nullable;

/**
 * Members in the order in which they came, each of whom can leave at once.
 *
 * <p>A place that is given up still leads on to those that stood behind it, so that whoever walks
 * along the line doesn't mind who leaves meanwhile. Not thread-safe.
 */
public final class Line<T> {

  private @Nullable Place<T> first;
  private @Nullable Place<T> last;
  private long lastTicket;
  private int size;

  /** The place of the one that came first; null when nobody is there. */
  public @Nullable Place<T> first() {
    return first;
  }

  /** The place of the one that came last; null when nobody is there. */
  public @Nullable Place<T> last() {
    return last;
  }

  public boolean isEmpty() {
    return first == null;
  }

  public int size() {
    return size;
  }

  /** Puts a member at the end. */
  public Place<T> add(T member) {
    Place<T> place = new Place<>(this, member, ++lastTicket);
    place.previous = last;
    if (last == null) {
      first = place;
    } else {
      last.next = place;
    }
    last = place;
    size++;
    return place;
  }

  private void remove(Place<T> place) {
    if (place.previous == null) {
      first = place.next;
    } else {
      place.previous.next = place.next;
    }
    if (place.next == null) {
      last = place.previous;
    } else {
      place.next.previous = place.previous;
    }
    size--;
  }

  /** Where one member stands. */
  public static final class Place<T> {

    private final Line<T> line;
    private final T member;
    private final long ticket;
    private @Nullable Place<T> previous;
    private @Nullable Place<T> next;
    private boolean left;

    private Place(Line<T> line, T member, long ticket) {
      this.line = line;
      this.member = member;
      this.ticket = ticket;
    }

    public T member() {
      return member;
    }

    /** Grows from the first of a line to the last. */
    public long ticket() {
      return ticket;
    }

    /** The one behind this; null at the end. */
    public @Nullable Place<T> next() {
      return next;
    }

    /** Whether it was given up. */
    public boolean isLeft() {
      return left;
    }

    /** Gives it up, if that was not done yet. */
    public void leave() {
      if (!left) {
        left = true;
        line.remove(this);
      }
    }
  }
}
