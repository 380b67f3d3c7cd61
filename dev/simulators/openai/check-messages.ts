import { typeName } from './check-parameters.ts';
import { invalid } from './rejection.ts';

/** One message of the prompt, its content parts joined. */
export interface Message {
  readonly role: string;
  readonly text: string;
}

/** Checks the messages one by one and reads their text. Throws {@link Rejection}. */
export function checkMessages(raw: readonly unknown[], ownModels: boolean): Message[] {
  if (raw.length === 0) {
    throw invalid(
      "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.",
      'messages',
      'empty_array',
    );
  }
  return raw.map((value, index) => {
    const at = `messages[${index}]`;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw wrongType(at, 'an object', value);
    }
    const message = value as Record<string, unknown>;
    const role = checkRole(message['role'], at);
    if (ownModels) checkName(message['name'], at);
    return { role, text: readContent(message, at) };
  });
}

/** Whether the message speaks for the application rather than for a person. */
export function isInstruction({ role }: Message): boolean {
  return role === 'system' || role === 'developer';
}

function checkRole(role: unknown, at: string): string {
  if (role === undefined) {
    const param = `${at}.role`;
    throw invalid(`Missing required parameter: '${param}'.`, param, 'missing_required_parameter');
  }
  if (typeof role !== 'string') throw wrongType(`${at}.role`, 'a string', role);
  if (!ROLES.includes(role)) {
    const known = `${ROLES.slice(0, -1)
      .map((known) => `'${known}'`)
      .join(', ')}, and '${ROLES.at(-1)}'`;
    throw invalid(
      `Invalid value: '${role}'. Supported values are: ${known}.`,
      `${at}.role`,
      'invalid_value',
    );
  }
  return role;
}

function checkName(name: unknown, at: string): void {
  if (name === undefined || name === null) return;
  if (typeof name !== 'string') throw wrongType(`${at}.name`, 'a string', name);
  if (!NAME.test(name)) {
    throw invalid(
      `Invalid '${at}.name': string does not match pattern. Expected a string that matches the pattern '${NAME.source}'.`,
      `${at}.name`,
      'invalid_value',
    );
  }
}

function readContent(message: Readonly<Record<string, unknown>>, at: string): string {
  const { role, content } = message;
  if (typeof content === 'string') return content;
  if (Array.isArray(content)) {
    return content.map((part, index) => readPart(part, `${at}.content[${index}]`)).join('\n');
  }
  if (content !== undefined && content !== null) {
    throw wrongType(`${at}.content`, 'one of a string or array of objects', content);
  }
  if (role === 'assistant' && Array.isArray(message['tool_calls'])) return '';
  throw invalid("Invalid value for 'content': expected a string, got null.", `${at}.content`);
}

function readPart(part: unknown, at: string): string {
  if (typeof part !== 'object' || part === null) throw wrongType(at, 'an object', part);
  const { type, text } = part as { type?: unknown; text?: unknown };
  if (type !== 'text') return '';
  if (typeof text !== 'string') throw wrongType(`${at}.text`, 'a string', text);
  return text;
}

function wrongType(param: string, expected: string, value: unknown): Error {
  return invalid(
    `Invalid type for '${param}': expected ${expected}, but got ${typeName(value)} instead.`,
    param,
    'invalid_type',
  );
}

const ROLES = ['system', 'assistant', 'user', 'function', 'tool', 'developer'];
const NAME = /^[a-zA-Z0-9_-]+$/u;
