import { Counter, type Registry } from 'prom-client';

/** Outcomes of an agent's exchange. */
const outcomes = ['registered', 'refused', 'invited', 'unknown', 'removed', 'pending', 'accepted'] as const;
type Outcome = (typeof outcomes)[number];

const moved = ['delivered', 'repeated', 'reported', 'skipped', 'blocked', 'wrongTokens'] as const;
type Counts = { readonly [What in (typeof moved)[number]]: number };

export function agentMetrics(registers: Registry[]) {
  const exchanges = new Counter({
    name: 'gateway_agent_exchanges_total',
    help: 'Number of exchanges of agents, by outcome: registered, refused (unknown account or wrong key), invited to register, unknown, removed, pending or accepted.',
    labelNames: ['outcome'] as const,
    registers,
  });
  const pings = new Counter({
    name: 'gateway_agent_pings_total',
    help: 'Number of pings of agents, by answer: yes or no.',
    labelNames: ['answer'] as const,
    registers,
  });
  const messages = new Counter({
    name: 'gateway_agent_messages_total',
    help: 'Number of messages of exchanges: scripts delivered, repeated after a lost answer, results reported, messages skipped, scripts failed because they blocked an agent, and wrong exchange tokens.',
    labelNames: ['what'] as const,
    registers,
  });
  const undecodable = new Counter({
    name: 'gateway_agent_undecodable_total',
    help: 'Number of request bodies of agents that could not be decoded.',
    registers,
  });
  for (const outcome of outcomes) exchanges.inc({ outcome }, 0);
  for (const answer of ['yes', 'no'] as const) pings.inc({ answer }, 0);
  for (const what of moved) messages.inc({ what: labelOf(what) }, 0);
  return {
    exchanged(outcome: Outcome, counts?: Counts): void {
      exchanges.inc({ outcome });
      if (counts)
        for (const what of moved) if (counts[what] > 0) messages.inc({ what: labelOf(what) }, counts[what]);
    },
    pinged: (hasNews: boolean): void => pings.inc({ answer: hasNews ? 'yes' : 'no' }),
    undecodable: (): void => undecodable.inc(),
  };
}

const labelOf = (what: (typeof moved)[number]) => (what === 'wrongTokens' ? 'wrong_token' : what);
