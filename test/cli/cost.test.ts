import { expect, it } from 'vitest';
import { costCommand } from '../../src/cli/cost.ts';
import { ConfigError } from '../../src/config.ts';

const NEVER = { graceful: new AbortController().signal, forced: new AbortController().signal };

it.each(['2026-11-29T16:00', '2026-11-29 16:00', '2026-13-01', '29.11.2026', 'yesterday'])(
  'takes no time of which nobody can say when it is: %s',
  async (time) => {
    const asked = costCommand(['--from', time], {}, NEVER);
    await expect(asked).rejects.toThrow(`--from ${time} is no time\nusage: troupe cost`);
  },
);

it.each(['2026-11', '2026-11-29', '2026-11-29T16:00Z', '2026-11-29T16:00:30.5+01:00'])(
  'takes %s, and asks for the database next',
  async (time) => {
    await expect(costCommand(['--to', time], {}, NEVER)).rejects.toThrow(ConfigError);
  },
);
