import { expect, it } from 'vitest';
import { KEY, useGateway } from './gateway-world.ts';

const gateway = useGateway();

it('shows what is measured to bearers of a key, and to nobody else', async () => {
  const url = `http://127.0.0.1:${gateway().port}/metrics`;
  const refused = await fetch(url);
  expect(refused.status).toBe(401);
  const shown = await fetch(url, { headers: { authorization: `Bearer ${KEY}` } });
  expect(shown.headers.get('content-type')).toContain('text/plain; version=0.0.4');
  expect(await shown.text()).toBe('troupe_slots 0\n');
});
