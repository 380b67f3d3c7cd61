import { readFileSync, statSync } from 'node:fs';

/** A secret that stands in a file, or why it cannot be had: words that complete "NAME …". */
export type SecretFile = { readonly secret: string } | { readonly problem: string };

/** Far more than a key needs, and little enough to be read whatever was named by mistake. */
const MAX_BYTES = 64 * 1024;

/**
 * Reads a secret as Docker and Kubernetes mount it: the file's text without one final line break,
 * which editors and `echo` add. Never throws, and never tells what the file holds.
 */
export function readSecretFile(path: string): SecretFile {
  const text = readText(path);
  if (typeof text !== 'string') return text;
  const secret = text.replace(/\r?\n$/, '');
  if (secret === '') return { problem: 'names an empty file' };
  // A further line would break the header that carries the key, whose error may quote it.
  if (/\p{Cc}/u.test(secret))
    return { problem: 'names a file of several lines or with control characters' };
  return { secret };
}

function readText(path: string): string | { readonly problem: string } {
  try {
    const found = statSync(path);
    // A pipe would be waited for without end.
    if (!found.isFile()) return { problem: 'names no regular file' };
    if (found.size > MAX_BYTES) return { problem: `names a file above ${MAX_BYTES / 1024} KiB` };
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
  } catch (error) {
    return { problem: whyUnread(error) };
  }
}

function whyUnread(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'names a file that does not exist';
  if (code === 'EACCES' || code === 'EPERM') return 'names a file that this process may not read';
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return 'names a file that is not UTF-8';
  return 'names a file that cannot be read';
}
