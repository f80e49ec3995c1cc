package io.cinnabar.command;

import io.cinnabar.arena.Arena;
import io.cinnabar.keyspace.Keyspace;
import io.cinnabar.tracking.Tracking;

/**
 * What memory the server uses, and how much it may: the bytes of the arena's blocks and of the
 * tables' directories, the clients' buffers, what is remembered of their caches, what replicas are
 * sent, and a fixed part for everything else on the heap.
 *
 * <pre>
 *   heap  |  fixed  |  clients  |  directories  |  blocks in use  |  holes in slabs, empty slabs  | ...
 *          \_______ overhead _________________/  \__ used _______/
 *          \________________________ used_memory ________________/
 *                                                \__________________ reserved ___________________/
 * </pre>
 *
 * <p>The limit holds for what is used. What the slabs reserve beyond it is kept near it by
 * compaction, see {@link #isSprawling}. Blocks that a snapshot alone still sees are memory in use,
 * but don't count towards the limit: no key that goes would bring them back.
 */
public final class Memory {

  /** Live objects of a server without data and clients, measured. */
  public static final long FIXED_BYTES = 9L << 20;

  private static final long MIN_TOLERANCE_BYTES = 1L << 20;
  private static final int TOLERANCE_SHIFT = 6;

  /** Limits up to this are used to the last byte, others leave room for slabs half full. */
  private static final long SMALL_LIMIT_BYTES = 32L << 20;

  private static final int MARGIN_SHIFT = 5;
  private static final long SHARED_INPUT_AT_FIRST_BYTES = 256 << 10;
  private static final long MAX_MARGIN_BYTES = 2L << 20;

  private final Keyspace keyspace;
  private final Arena arena;
  private final Sessions sessions;
  private final Tracking tracking;
  private final OwnExpiries ownExpiries;
  private final Settings settings;
  private final long heapLimitBytes;
  private StreamMemory stream = StreamMemory.NONE;
  private long limitBytes;

  private long roomWithoutClientsBytes;

  /** What the blocks may take: the limit without what everything else takes. */
  private long roomBytes;

  /**
   * @param keyspace its arena has the limit that the heap sets
   */
  public Memory(
      Keyspace keyspace,
      Sessions sessions,
      Tracking tracking,
      OwnExpiries ownExpiries,
      Settings settings) {
    this.ownExpiries = ownExpiries;
    this.keyspace = keyspace;
    this.arena = keyspace.arena();
    this.sessions = sessions;
    this.tracking = tracking;
    this.settings = settings;
    heapLimitBytes = arena.limitBytes() - tolerance(arena.limitBytes());
    refresh();
  }

  /** Says who knows of the stream that replicas follow. */
  public void stream(StreamMemory memory) {
    stream = memory;
  }

  /** What slabs may take beyond the limit before something is done about it. */
  private static long tolerance(long limitBytes) {
    return MIN_TOLERANCE_BYTES + (limitBytes >> TOLERANCE_SHIFT);
  }

  // Figures.

  /** All that is in use: exact, in a time of the number of clients. */
  public long usedBytes() {
    return withoutClientsBytes() + clientBytes();
  }

  /** As {@link #usedBytes}, but with the clients as they were a moment ago. */
  public long approximateUsedBytes() {
    return withoutClientsBytes() + sessions.approximateMemoryBytes();
  }

  private long withoutClientsBytes() {
    return FIXED_BYTES
        + sharedInputBytes()
        + tracking.memoryBytes()
        + ownExpiries.memoryBytes()
        + stream.bytes()
        + keyspace.usedBytes()
        + snapshotBytes();
  }

  /** The clients' part of it. */
  public long clientBytes() {
    long bytes = 0;
    for (Session session : sessions.all()) {
      bytes += session.memoryBytes();
    }
    return bytes;
  }

  /** What the stream that replicas follow takes. */
  public long streamBytes() {
    return stream.bytes();
  }

  /** What of it is there only since replicas are slow. */
  public long excessStreamBytes() {
    return stream.excessBytes();
  }

  /** Blocks that only snapshots see. */
  public long snapshotBytes() {
    return arena.limboBytes();
  }

  /** What may be used: {@code maxmemory}, or what the heap has for it where that is less. */
  public long limitBytes() {
    return limitBytes;
  }

  /** What the heap has for all that is counted here. */
  public long heapLimitBytes() {
    return heapLimitBytes;
  }

  // The limit.

  /** Takes in what changes rarely, for the methods below: some times a second is enough. */
  public void refresh() {
    long most = settings.maxMemoryBytes;
    limitBytes = most <= 0 ? heapLimitBytes : Math.min(most, heapLimitBytes);
    roomWithoutClientsBytes =
        limitBytes - margin(limitBytes) - FIXED_BYTES - keyspace.directoryBytes();
    refreshClients();
  }

  /** Holes there are always, in the slabs that are being filled: the heap has the same limit. */
  private static long margin(long limitBytes) {
    long beyondSmall = Math.max(0, limitBytes - SMALL_LIMIT_BYTES);
    return Math.min(MAX_MARGIN_BYTES, beyondSmall >> MARGIN_SHIFT);
  }

  /**
   * Takes in what the clients' buffers hold, and what they have cached; once in a batch is enough.
   */
  public void refreshClients() {
    roomBytes =
        roomWithoutClientsBytes
            - sessions.approximateMemoryBytes()
            - sharedInputBytes()
            - tracking.memoryBytes()
            - ownExpiries.memoryBytes()
            - countedStreamBytes();
  }

  /** What replicas that are slow have piled up is no reason to remove keys, but the heap is. */
  private long countedStreamBytes() {
    long excessBytes = stream.excessBytes();
    long spareHeapBytes = heapLimitBytes - limitBytes;
    return stream.bytes() - Math.min(excessBytes, spareHeapBytes);
  }

  /** What of it a small load does not take, and is not in the fixed part. */
  private long sharedInputBytes() {
    return Math.max(0, sessions.sharedInputBytes() - SHARED_INPUT_AT_FIRST_BYTES);
  }

  /** Whether so much more fits, and nothing else is to be done either: one comparison. */
  boolean hasRoom(long bytes) {
    return arena.reservedBytes() + bytes <= roomBytes;
  }

  /** Whether so much more stays below the limit. */
  boolean fits(long bytes) {
    return arena.usedBytes() + bytes <= roomBytes;
  }

  /** Whether so much would fit into an empty server. */
  boolean isAttainable(long bytes) {
    return bytes <= roomBytes;
  }

  /** Whether so much more fits into the heap, whatever {@code maxmemory} says. */
  boolean fitsHeap(long bytes) {
    return arena.usedBytes() + bytes <= roomBytes + heapLimitBytes - limitBytes;
  }

  /** Whether the slabs take considerably more than the limit, although what is used may not. */
  boolean isSprawling() {
    return arena.reservedBytes() > roomBytes + tolerance(limitBytes);
  }

  /** Whether far less is used than may be, so that keys that go would not help against sprawl. */
  boolean isSlack() {
    return arena.usedBytes() < roomBytes - (limitBytes >> 3);
  }

  /** Gives empty slabs back as far as they are beyond the limit. */
  void shrink() {
    arena.shrinkTo(roomBytes);
  }

  /** With less to be had in whole slabs than this the arena may soon be full for some class. */
  long leastSpareBytes() {
    return MIN_TOLERANCE_BYTES + (arena.limitBytes() >> MARGIN_SHIFT);
  }

  /** What can be had in whole slabs, whatever holes there are in others. */
  long spareBytes() {
    return arena.limitBytes() - arena.reservedBytes() + arena.pooledBytes();
  }
}
