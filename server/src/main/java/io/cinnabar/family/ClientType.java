package io.cinnabar.family;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;
import io.cinnabar.command.PrimarySession;
import io.cinnabar.command.Session;

/** The types of clients that CLIENT LIST and CLIENT KILL tell apart. */
enum ClientType {
  NORMAL,
  PUBSUB,
  MASTER,
  REPLICA;

  /** The type that an argument names. */
  static ClientType named(Call call, int index) {
    if (call.isWord(index, "normal")) {
      return NORMAL;
    }
    if (call.isWord(index, "pubsub")) {
      return PUBSUB;
    }
    if (call.isWord(index, "master")) {
      return MASTER;
    }
    if (call.isWord(index, "replica") || call.isWord(index, "slave")) {
      return REPLICA;
    }
    throw new CommandError("ERR Unknown client type '" + call.argText(index) + "'");
  }

  /** The type of a client. */
  static ClientType of(Session session) {
    if (session instanceof PrimarySession) {
      return MASTER;
    }
    if (session.isFollowing()) {
      return REPLICA;
    }
    return session.isSubscribed() ? PUBSUB : NORMAL;
  }
}
