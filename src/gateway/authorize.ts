import { createHash, timingSafeEqual } from 'node:crypto';

/**
 * Makes the test for `Authorization: Bearer KEY`: which of the keys it is, undefined for none. Every
 * key is compared, over hashes of one length: the time it takes tells nothing of how near a guess was.
 */
export function makeAuthorize(
  apiKeys: readonly string[],
): (authorization: string | undefined) => number | undefined {
  const known = apiKeys.map(hash);
  return (authorization = '') => {
    const [, key = ''] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
    const given = hash(key);
    const fitting = known.map((one) => timingSafeEqual(one, given));
    return fitting.includes(true) ? fitting.indexOf(true) : undefined;
  };
}

function hash(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
