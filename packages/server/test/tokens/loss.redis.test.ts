import { until } from "@livecache/rig";
import { expect, test } from "vitest";
import type { TestContext } from "vitest";
import type { Live } from "../../src/assembly/create-live.ts";
import { refuseUnhandledRejections } from "../redis/redis-site.ts";
import { openTokenSite, revokeAll, startChecker, tokensOf, untilSure } from "./token-site.ts";
import type { StoreFault, TokenSite } from "./token-site.ts";

refuseUnhandledRejections();

/** How Redis loses what it held, or does not answer for a while. */
interface Loss {
  readonly loss: string;
  readonly config?: readonly string[];
  /** Between the revocation of the first half of the tokens and that of the others. */
  readonly halfway?: (site: TokenSite) => Promise<unknown>;
  readonly lose: (site: TokenSite) => unknown;
  /** Ends it, where that does not come by itself. */
  readonly end?: (site: TokenSite) => unknown;
}

async function deleteKeys({ redis }: TokenSite, names: readonly string[]): Promise<void> {
  for (const name of names) await redis.command(`DEL {lc:main}:${name}`);
}

const TOKENS = 10_000;
const SETS = Array.from({ length: 272 }, (_, index) => `rv:${index}`);

const FLUSHED: Loss = { loss: "was emptied by FLUSHALL", lose: ({ redis }) => redis.command("FLUSHALL") };

const KILLED: Loss = {
  loss: "was killed and came back empty",
  lose: ({ redis }) => redis.kill(),
  end: ({ redis }) => redis.restart(),
};

const FROZEN: Loss = {
  loss: "was frozen",
  lose: ({ redis }) => redis.freeze(),
  end: ({ redis }) => redis.thaw(),
};

const EVICTED: readonly Loss[] = [
  { loss: "evicted every set", lose: (site) => deleteKeys(site, SETS) },
  { loss: "evicted the ledger", lose: (site) => deleteKeys(site, ["rl"]) },
  { loss: "evicted the head and the log", lose: (site) => deleteKeys(site, ["head", "log"]) },
];

/** Losses of one Redis, one after the other; each list has a Redis of its own. */
const LOSSES = [
  { what: "was emptied, was killed", losses: [FLUSHED, KILLED] },
  { what: "evicted one thing after the other, was frozen", losses: [...EVICTED, FROZEN] },
];

/** Nodes that know 10,000 revoked tokens. */
interface Knowing {
  readonly site: TokenSite;
  readonly nodes: readonly Live[];
  readonly tokens: readonly string[];
}

async function know(
  context: Pick<TestContext, "onTestFinished">,
  { config, halfway, count = TOKENS }: Pick<Loss, "config" | "halfway"> & { readonly count?: number },
  fault?: StoreFault,
): Promise<Knowing> {
  const site = await openTokenSite(context, config);
  const nodes = [await site.join(fault), await site.join(fault)];
  const tokens = tokensOf(count);
  await revokeAll(site, tokens.slice(0, count / 2));
  await halfway?.(site);
  await revokeAll(site, tokens.slice(count / 2));
  const areTold = (): boolean => nodes.every((node) => node.tokens.status().size === count);
  await until(areTold, { what: "both nodes know all", withinMs: 30_000 });
  await untilSure(nodes, 30_000);
  return { site, nodes, tokens };
}

/** A loss, and a node that joins after it. Says how many revoked tokens were accepted meanwhile, and how many the new node refuses then. */
async function suffer({ site, nodes, tokens }: Knowing, { lose, end }: Loss, fault?: StoreFault) {
  const checker = startChecker(tokens, nodes);
  await lose(site);
  const joined = await site.join(fault);
  checker.watch(joined);
  await end?.(site);
  await untilSure([...nodes, joined], 30_000);
  const { accepted, tried } = await checker.stop();
  const refused = tokens.filter((jti) => joined.tokens.check({ jti }) === "revoked").length;
  await joined.close();
  return { accepted, refused, isTried: tried > TOKENS };
}

const NONE_ACCEPTED = { accepted: 0, refused: TOKENS, isTried: true };

test.concurrent.for(LOSSES)(
  "G6: of 10,000 revoked tokens none is accepted while and after Redis $what, also by nodes that join then",
  { timeout: 120_000 },
  async ({ losses }, context) => {
    const knowing = await know(context, {});
    for (const loss of losses) {
      expect({ loss: loss.loss, ...(await suffer(knowing, loss)) }).toEqual({
        loss: loss.loss,
        ...NONE_ACCEPTED,
      });
    }
  },
);

test.concurrent(
  "G6: none is accepted when Redis comes back with data from before half of them",
  { timeout: 120_000 },
  async (context) => {
    const loss: Loss = {
      loss: "came back with older data",
      config: ["--dbfilename", "dump.rdb"],
      halfway: ({ redis }) => redis.command("SAVE"),
      lose: ({ redis }) => redis.restart(),
    };
    expect(await suffer(await know(context, loss), loss)).toEqual(NONE_ACCEPTED);
  },
);

/** Faults that the first test must find. */
const FAULTS: readonly { readonly fault: string; readonly plant: StoreFault }[] = [
  {
    fault: "believes whatever Redis holds",
    plant: ({ state }) => ({ state: async () => ({ ...(await state()), isSettled: true }) }),
  },
  {
    fault: "gives nothing back",
    plant: ({ revoke }) => ({
      async revoke(input) {
        if (!input.restores) return revoke(input);
        return { state: "revoked", position: { epoch: "x", seq: 1 }, added: input.revoked.length };
      },
    }),
  },
];

test.concurrent.for(FAULTS)("the test finds a store that $fault", async ({ plant }, context) => {
  // As few as show it: this one is not about how many.
  const { accepted } = await suffer(await know(context, { count: 1_000 }, plant), FLUSHED, plant);
  expect(accepted).toBeGreaterThan(0);
});
