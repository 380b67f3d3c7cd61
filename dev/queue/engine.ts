import { buildApp } from 'fauxqs';
import { SqsRefusal } from './refusal.ts';

/** Fields of an SQS request or answer, as the JSON protocol has them. */
export type Fields = Readonly<Record<string, unknown>>;

/** The queue server behind the strict layer: it keeps messages, groups, counts and redrives. */
export interface Engine extends AsyncDisposable {
  /** @throws SqsRefusal as the engine words it. */
  call(action: string, fields: Fields): Promise<Fields>;
}

/**
 * fauxqs inside this process, without a port of its own. `address` is where clients think it is:
 * queue URLs name it.
 */
export function makeEngine(address: URL): Engine {
  const app = buildApp({ logger: false });
  return {
    async call(action, fields) {
      const { statusCode, body } = await app.inject({
        method: 'POST',
        url: '/',
        headers: {
          host: address.host,
          'content-type': 'application/x-amz-json-1.0',
          'x-amz-target': `AmazonSQS.${action}`,
        },
        payload: JSON.stringify(fields),
      });
      const answer = JSON.parse(body || '{}') as Fields;
      if (statusCode === 200) return answer;
      const code = String(answer['__type']).split('#').at(-1) ?? 'InternalError';
      throw new SqsRefusal(code, String(answer['message']), statusCode);
    },
    [Symbol.asyncDispose]: () => app.close(),
  };
}
