/** A running listener. Closing is idempotent; nothing is told after it resolves. */
export interface Listening {
  close(): Promise<void>;
}

/**
 * Carries messages between nodes without keeping them: whispers, typing, who came and went. What is sent while somebody's connection
 * is broken is lost for them, and nobody is told.
 *
 * **Failure.** As the change log's: `LIVE_GROUND_AWAY`, `LIVE_GROUND_TIMEOUT`, `LIVE_GROUND_BUSY`, `LIVE_GROUND_REFUSED`, `LIVE_CLOSED`.
 */
export interface EphemeralLane {
  /** Sends to everybody who listens to the topic now, the sender's own node included, in the order of sending. */
  send(topic: string, message: string): Promise<void>;
  /** Takes every message of a topic from the moment this resolves. `onMessage` must not throw. */
  listen(topic: string, onMessage: (message: string) => void): Promise<Listening>;
}
