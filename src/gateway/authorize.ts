import { createHash, timingSafeEqual } from 'node:crypto';

/**
 * Makes the test for `Authorization: Bearer KEY`. Every key is compared, over hashes of one length:
 * the time it takes tells nothing of how near a guess was.
 */
export function makeAuthorize(
  apiKeys: readonly string[],
): (authorization: string | undefined) => boolean {
  const known = apiKeys.map(hash);
  return (authorization = '') => {
    const [, key = ''] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
    const given = hash(key);
    return known.filter((one) => timingSafeEqual(one, given)).length > 0;
  };
}

function hash(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
