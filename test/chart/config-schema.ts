import { z } from 'zod';
import { isSecret } from '../../src/config.ts';
import type { Variable } from '../../src/variable.ts';
import { variables } from '../../src/variables.ts';

/** A JSON schema of one value, or of an object of values. */
export type ValueSchema = Readonly<Record<string, unknown>>;

/**
 * What the chart's values `config` and `secret` may hold: the variables of the environment; those that
 * are keys stand in `secret`, or in files that `config` names. values.schema.json is held against it.
 */
export function makeConfigSchemas(): {
  readonly config: ValueSchema;
  readonly secret: ValueSchema;
} {
  const all = Object.entries<Variable<unknown>>(variables).filter(([name]) => !OWN.includes(name));
  const keys = all.map(([name]) => name).filter(isSecret);
  const plain = all.filter(([name]) => !isSecret(name));
  return {
    config: {
      type: 'object',
      additionalProperties: false,
      required: NEEDED,
      properties: {
        ...Object.fromEntries(plain.map(([name, one]) => [name, schemaOf(name, one)])),
        ...textsOf(keys.map((name) => `${name}_FILE`)),
        ...textsOf(SDK_PLAIN),
      },
    },
    secret: {
      type: 'object',
      additionalProperties: false,
      properties: textsOf([...keys, ...SDK_SECRETS]),
    },
  };
}

/** The chart sets these itself: a fleet serves the queue, and each pod has an address and a name. */
export const OWN: readonly string[] = ['ROOM_ID', 'HTTP_HOST', 'WORKER_NAME'];

/** Read by the AWS SDK and the native library, not by us. */
const SDK_PLAIN = ['AWS_SHARED_CREDENTIALS_FILE', 'RUST_LOG'];
const SDK_SECRETS = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'];
/** Null unsets what another values file has set. */
const A_TEXT: ValueSchema = { type: ['string', 'null'], minLength: 1 };
const textsOf = (names: readonly string[]): ValueSchema =>
  Object.fromEntries(names.map((name) => [name, A_TEXT]));
const NEEDED = ['LIVEKIT_URL', 'SUPABASE_URL', 'SQS_QUEUE_URL'];

function schemaOf(name: string, { schema }: Variable<unknown>): ValueSchema {
  if (NEEDED.includes(name)) return { type: 'string', minLength: 1 };
  const fallback = schema.parse(undefined);
  const {
    minimum,
    maximum,
    enum: words,
  } = z.toJSONSchema(schema, {
    io: 'output',
    unrepresentable: 'any',
  });
  if (typeof fallback === 'boolean') return { type: ['boolean', 'null'] };
  if (typeof fallback === 'number' && minimum === undefined)
    return { type: ['number', 'null'], minimum: 0, maximum: 1 };
  // A port that is not known beforehand could be neither probed nor scraped.
  if (typeof fallback === 'number')
    return { type: ['integer', 'null'], minimum: name === 'HTTP_PORT' ? 1 : minimum, maximum };
  return words === undefined ? A_TEXT : { enum: [...words, null] };
}
