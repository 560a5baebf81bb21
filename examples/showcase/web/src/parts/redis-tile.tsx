import type { RedisAct, RedisAnswer } from "../../../src/answers.ts";

interface RedisTileProps {
  readonly redis: RedisAnswer;
  readonly mayAct: boolean;
  readonly busy: boolean;
  readonly onAct: (act: RedisAct) => void;
}

const ACTS: Readonly<Record<RedisAnswer["state"], readonly [act: RedisAct, words: string][]>> = {
  running: [
    ["stop", "Kill Redis"],
    ["freeze", "Freeze Redis"],
  ],
  stopped: [["start", "Start Redis again"]],
  frozen: [["thaw", "Thaw Redis"]],
};

/** Redis, how it is, and what may be done to it. */
export function RedisTile({ redis, mayAct, busy, onAct }: RedisTileProps) {
  return (
    <div className={`machine redis redis-${redis.state}`}>
      <p className="machine-name">
        <strong>Redis</strong>
        <span className="machine-state">
          {redis.kind === "given" ? "by REDIS_URL" : redis.state}
          {redis.port !== undefined && ` · port ${redis.port}`}
        </span>
      </p>
      {redis.kind === "own" && mayAct && (
        <p className="machine-acts">
          {ACTS[redis.state].map(([act, words]) => (
            <button
              key={act}
              type="button"
              className={redis.state === "running" ? "button button-danger" : "button button-main"}
              aria-disabled={busy}
              onClick={() => !busy && onAct(act)}
            >
              {words}
            </button>
          ))}
        </p>
      )}
    </div>
  );
}
