import { invalid } from './rejection.ts';

/**
 * Checks type and range of every parameter but the messages' inside; null counts as left out.
 * Throws {@link Rejection} for the first that is wrong.
 */
export function checkParameters(body: Readonly<Record<string, unknown>>, ownModels: boolean): void {
  for (const [name, value] of Object.entries(body)) {
    const rule = PARAMETERS[name];
    if (rule === undefined) {
      if (ownModels) throw invalid(`Unknown parameter: '${name}'.`, name, 'unknown_parameter');
    } else if (value !== null) checkValue(name, value, rule);
  }
  if (body['stream_options'] != null && body['stream'] !== true) {
    throw invalid(
      "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
      'stream_options',
    );
  }
  if (ownModels) checkTokenLimits(body);
}

/** How the provider names the type of a JSON value. */
export function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'an integer' : 'a decimal';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

interface Rule {
  readonly type: 'string' | 'boolean' | 'integer' | 'decimal' | 'array' | 'object' | 'any';
  readonly min?: number;
  readonly max?: number;
}

function checkValue(name: string, value: unknown, rule: Rule): void {
  const [expected, fits] = TYPES[rule.type];
  if (!fits(value)) {
    throw invalid(
      `Invalid type for '${name}': expected ${expected}, but got ${typeName(value)} instead.`,
      name,
      'invalid_type',
    );
  }
  if (typeof value !== 'number') return;
  if (rule.min !== undefined && value < rule.min) throw outOfRange(name, value, rule, 'min');
  if (rule.max !== undefined && value > rule.max) throw outOfRange(name, value, rule, 'max');
}

function outOfRange(name: string, value: number, rule: Rule, side: 'min' | 'max'): Error {
  const [word, sign] = side === 'min' ? ['below minimum', '>='] : ['above maximum', '<='];
  return invalid(
    `Invalid '${name}': ${rule.type} ${word} value. Expected a value ${sign} ${rule[side]}, but got ${value} instead.`,
    name,
    `${rule.type}_${side === 'min' ? 'below_min' : 'above_max'}_value`,
  );
}

function checkTokenLimits(body: Readonly<Record<string, unknown>>): void {
  if (body['max_tokens'] == null) return;
  if (/^(?:o\d|gpt-[5-9])/u.test(String(body['model']))) {
    throw invalid(
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
      'max_tokens',
      'unsupported_parameter',
    );
  }
  if (body['max_completion_tokens'] != null) {
    throw invalid(
      'Setting `max_tokens` and `max_completion_tokens` at the same time is not supported.',
      'max_tokens',
      'invalid_parameter_combination',
    );
  }
}

const TYPES: Readonly<Record<Rule['type'], readonly [string, (value: unknown) => boolean]>> = {
  string: ['a string', (value) => typeof value === 'string'],
  boolean: ['a boolean', (value) => typeof value === 'boolean'],
  integer: ['an integer', (value) => Number.isInteger(value)],
  decimal: ['a decimal', (value) => typeof value === 'number'],
  array: ['an array of objects', (value) => Array.isArray(value)],
  object: ['an object', (value) => typeof value === 'object' && !Array.isArray(value)],
  any: ['anything', () => true],
};

const limit: Rule = { type: 'integer', min: 1 };
const penalty: Rule = { type: 'decimal', min: -2, max: 2 };

/** https://platform.openai.com/docs/api-reference/chat/create; one choice is all that is served. */
const PARAMETERS: Readonly<Record<string, Rule>> = {
  model: { type: 'string' },
  messages: { type: 'array' },
  stream: { type: 'boolean' },
  stream_options: { type: 'object' },
  max_tokens: limit,
  max_completion_tokens: limit,
  n: { type: 'integer', min: 1, max: 1 },
  temperature: { type: 'decimal', min: 0, max: 2 },
  top_p: { type: 'decimal', min: 0, max: 1 },
  presence_penalty: penalty,
  frequency_penalty: penalty,
  seed: { type: 'integer' },
  stop: { type: 'any' },
  user: { type: 'string' },
  safety_identifier: { type: 'string' },
  prompt_cache_key: { type: 'string' },
  service_tier: { type: 'string' },
  reasoning_effort: { type: 'string' },
  verbosity: { type: 'string' },
  store: { type: 'boolean' },
  metadata: { type: 'object' },
  response_format: { type: 'object' },
  logit_bias: { type: 'object' },
  logprobs: { type: 'boolean' },
  top_logprobs: { type: 'integer', min: 0, max: 20 },
  modalities: { type: 'array' },
  tools: { type: 'array' },
  tool_choice: { type: 'any' },
  parallel_tool_calls: { type: 'boolean' },
};
