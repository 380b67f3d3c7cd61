import type { ProxyTarget } from '../../dev/process/proxy.ts';

/** Where a proxy leads to that stands before the part of this address. */
export function addressOf(url: string): ProxyTarget {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port) };
}
