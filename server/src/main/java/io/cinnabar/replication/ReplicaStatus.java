package io.cinnabar.replication;

/**
 * A replica as INFO and ROLE tell of it.
 *
 * @param address where it can be reached
 * @param port the port that it has announced; 0 for none
 * @param state how far it is, in the words of INFO
 * @param isOnline whether it has the data set
 * @param offset how many bytes of the stream it says to have
 * @param lagSeconds how long ago it has said so
 */
public record ReplicaStatus(
    String address, int port, String state, boolean isOnline, long offset, long lagSeconds) {}
