import { isTroupeError } from '../errors.ts';
import type { TroupeError } from '../errors.ts';

/**
 * Tells of each failure whether it comes for the first time. Where one of ours is the cause of another,
 * both are one failure. It holds no error that nobody else does.
 */
export function openNews(): (error: TroupeError) => boolean {
  const told = new WeakSet<TroupeError>();
  return (error) => {
    const links = linksOf(error);
    const isNew = links.every((link) => !told.has(link));
    for (const link of links) told.add(link);
    return isNew;
  };
}

/** The error and those that caused it; as deep as anybody wraps. */
function linksOf(error: TroupeError): readonly TroupeError[] {
  const links: TroupeError[] = [];
  let link: unknown = error;
  while (isTroupeError(link) && links.length < MOST_LINKS) {
    links.push(link);
    link = link.cause;
  }
  return links;
}

const MOST_LINKS = 8;
