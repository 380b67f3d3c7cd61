import { beforeAll, expect, it } from 'vitest';
import { findTool } from '../../dev/tools/tools.ts';
import { render } from './render.ts';

beforeAll(async () => void (await findTool('helm')), 1_200_000);

it.each([
  ['an unknown value', { wroker: {} }, /additional properties 'wroker' not allowed/],
  ['an unknown variable', { config: { MAX_ROOMS: 3 } }, /'\/config'.*'MAX_ROOMS' not allowed/],
  [
    'a key among the variables',
    { config: { OPENAI_API_KEY: 'x' } },
    /'\/config'.*'OPENAI_API_KEY'/,
  ],
  ['a room for a fleet', { config: { ROOM_ID: 'lobby' } }, /'\/config'.*'ROOM_ID' not allowed/],
  [
    'no room at all',
    { config: { MAX_CONCURRENT_ROOMS: 0 } },
    /MAX_CONCURRENT_ROOMS'.*got 0, want 1/,
  ],
  ['a text for a number', { config: { HTTP_PORT: 'http' } }, /HTTP_PORT'.*got string, want/],
  ['a number for a text', { existingSecret: 3 }, /existingSecret'.*got number, want string/],
  ['a level that is none', { config: { LOG_LEVEL: 'loud' } }, /LOG_LEVEL'.*must be one of 'info'/],
  ['no queue', { config: { SQS_QUEUE_URL: null } }, /SQS_QUEUE_URL'.*got null, want string/],
  ['a role that is none', { serviceAccount: { roleArn: 'admin' } }, /roleArn'.*does not match/],
  ['keys in two places', { existingSecret: 'mine' }, /secret and existingSecret are both set/],
  ['no keys', { secret: null }, /LIVEKIT_API_KEY is missing: name a Secret/],
  [
    'a key too few',
    { secret: { LIVEKIT_API_SECRET: null } },
    /LIVEKIT_API_SECRET is missing: .*or config\.LIVEKIT_API_SECRET_FILE/,
  ],
  ['no model’s key', { secret: { OPENROUTER_API_KEY: null } }, /OPENAI_API_KEY is missing/],
  ['no keys for KEDA', { secret: { AWS_ACCESS_KEY_ID: null } }, /has no AWS_ACCESS_KEY_ID/],
  ['a gateway without keys', { gateway: { enabled: true } }, /there are no GATEWAY_API_KEYS/],
  [
    'a grace period shorter than the drain',
    { worker: { terminationGracePeriodSeconds: 65 } },
    /is 65, but a drain of DRAIN_TIMEOUT_MS and leaving the rooms take up to 70 s: raise it/,
  ],
  ['more pods at least than at most', { autoscaling: { minReplicas: 51 } }, /minReplicas is above/],
  ['pods that never come', { autoscaling: { queueLength: 11 } }, /above MAX_CONCURRENT_ROOMS/],
  [
    'recordings at no place of their own',
    { config: { RECORDINGS_DIR: '/tmp/' } },
    /RECORDINGS_DIR is \/tmp\/, where no volume can be mounted: name an absolute path/,
  ],
  [
    'recordings at a path that is not absolute',
    { config: { RECORDINGS_DIR: 'recordings' } },
    /RECORDINGS_DIR is recordings, where no volume can be mounted/,
  ],
  [
    'a volume for no recordings',
    { recordings: { existingClaim: 'mine' } },
    /existingClaim is set, but config\.RECORDINGS_DIR is not/,
  ],
  [
    'two volumes for recordings',
    {
      config: { RECORDINGS_DIR: '/data/recordings' },
      recordings: { existingClaim: 'mine' },
      extraVolumeMounts: [{ name: 'data', mountPath: '/data' }],
    },
    /extraVolumeMounts has a volume at config\.RECORDINGS_DIR already/,
  ],
  [
    'recordings without end on a pod’s own disk',
    { config: { RECORDINGS_DIR: '/recordings', RECORDINGS_KEEP_MB: 0 } },
    /RECORDINGS_KEEP_MB is 0, .* evicted with its rooms\. Set a size/,
  ],
  [
    'a claim that is none',
    { recordings: { existingClaim: 'My claim' } },
    /existingClaim'.*not match/,
  ],
  [
    'a runbook without an address',
    { monitoring: { rules: { runbookUrl: 'docs/runbook.md' } } },
    /runbookUrl'.*does not match/,
  ],
  ['migrations of nothing', { migrations: { enabled: true } }, /databaseUrlSecret\.name is empty/],
])('refuses %s, and says so', async (_what, changes, message) => {
  await expect(render('keys', changes)).rejects.toThrow(message);
});
