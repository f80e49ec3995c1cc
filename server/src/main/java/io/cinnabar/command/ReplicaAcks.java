package io.cinnabar.command;

/**
 * What the clients that wait for replicas have to know of them. Positions count the bytes of the
 * stream of changes that the replicas follow. Whenever a replica has told how far it is, {@link
 * PositionWaits#acknowledged} is to be called. On the loop's thread.
 */
public interface ReplicaAcks {

  /** A server without replicas, which is none itself. */
  ReplicaAcks NONE =
      new ReplicaAcks() {
        @Override
        public boolean isReplica() {
          return false;
        }

        @Override
        public long position() {
          return 0;
        }

        @Override
        public int acknowledged(long position) {
          return 0;
        }

        @Override
        public int synced(long position) {
          return 0;
        }

        @Override
        public long acknowledgedBy(int count, boolean isOnDisk) {
          return Durability.NOTHING;
        }

        @Override
        public void ask() {}
      };

  /** Whether this server is a replica itself: what its clients write goes to nobody. */
  boolean isReplica();

  /** Where the stream ends, with all changes so far. */
  long position();

  /** How many replicas have told that they have everything up to a position. */
  int acknowledged(long position);

  /** How many replicas have told that they have everything up to a position on their disks. */
  int synced(long position);

  /**
   * Up to where so many replicas have told that they have everything; {@link Durability#NOTHING} if
   * there are not so many.
   *
   * @param isOnDisk whether only what is on their disks counts
   */
  long acknowledgedBy(int count, boolean isOnDisk);

  /** Has all replicas asked how far they are, at the end of this turn. */
  void ask();
}
