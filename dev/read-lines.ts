import { StringDecoder } from 'node:string_decoder';

/**
 * The lines of a stream of UTF-8 bytes, each cut at `most` characters: the rest of a longer one is read
 * and dropped, so that no input, however endless, is kept.
 */
export async function* readLines(
  bytes: AsyncIterable<Uint8Array>,
  most: number,
): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let line = '';
  for await (const chunk of bytes) {
    const [rest = '', ...next] = decoder.write(Buffer.from(chunk)).split('\n');
    line = (line + rest).slice(0, most);
    for (const begun of next) {
      yield line.replace(/\r$/, '');
      line = begun.slice(0, most);
    }
  }
  if (line !== '') yield line.replace(/\r$/, '');
}
