import { createHmac } from 'node:crypto';
import { expect, it, onTestFinished } from 'vitest';
import { openGateway } from '../../../dev/database/gateway.ts';
import { JWT_SECRET } from '../../../dev/database/keys.ts';
import { makeSupabase } from '../../../src/adapters/supabase/client.ts';
import { makeDirectory } from '../../../src/adapters/supabase/directory.ts';
import { makeMemoryStore } from '../../../src/adapters/supabase/memory-store.ts';
import { useDatabase } from '../../support/stack.ts';

const database = useDatabase();

const REFUSED = {
  kind: 'auth',
  fault: 'fleet',
  service: 'database',
  message: expect.stringContaining('SUPABASE_SERVICE_ROLE'),
};

it('the anon key, which sees empty tables and no error, is refused', async () => {
  await database().sql(`insert into sessions values ('there', null)`);
  const supabase = makeSupabase({ url: database().url, serviceRoleKey: database().anonKey });
  expect(await makeDirectory(supabase).loadSession('there')).toBeUndefined();
  await expect(makeDirectory(supabase).check()).rejects.toMatchObject(REFUSED);
  await expect(makeMemoryStore(supabase).load('there')).rejects.toMatchObject(REFUSED);
});

it('a key that the project does not know is refused', async () => {
  const supabase = makeSupabase({ url: database().url, serviceRoleKey: 'sb_secret_of_another' });
  await expect(makeDirectory(supabase).check()).rejects.toMatchObject(REFUSED);
  await expect(makeDirectory(supabase).loadSession('there')).rejects.toMatchObject(REFUSED);
  await expect(makeMemoryStore(supabase).readInbox('there')).rejects.toMatchObject(REFUSED);
});

it.each([
  ['has expired', JWT_SECRET, { role: 'service_role', exp: 1_000_000_000 }],
  ['another project signed', 'x'.repeat(40), { role: 'service_role' }],
  ['names a role that is not there', JWT_SECRET, { role: 'nobody_special' }],
])('a key that %s is refused behind the gateway too', async (_what, secret, claims) => {
  const serviceRoleKey = sign(claims, secret);
  const gateway = await openGateway(database().postgrest.port, [serviceRoleKey]);
  onTestFinished(() => gateway[Symbol.asyncDispose]());
  const directory = makeDirectory(makeSupabase({ url: gateway.url, serviceRoleKey }));
  await expect(directory.check()).rejects.toMatchObject(REFUSED);
});

it('no message shows the key', async () => {
  const supabase = makeSupabase({ url: database().url, serviceRoleKey: 'sb_secret_of_another' });
  const error = await makeDirectory(supabase)
    .check()
    .catch((refusal: Error) => refusal);
  expect(JSON.stringify([String(error), error])).not.toContain('sb_secret');
});

function sign(claims: object, secret: string): string {
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
  const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}
