import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isSecret } from '../src/config.ts';
import { variables } from '../src/variables.ts';

describe('.env.example', () => {
  const lines = readFileSync('.env.example', 'utf8').split('\n');
  const named = lines.flatMap((line) => /^#? ?([A-Z][A-Z0-9_]+)=/.exec(line)?.[1] ?? []);

  it('names every variable of the schema once, and no other but the SDK’s own', () => {
    const sdk = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'RUST_LOG'];
    expect([...named].sort()).toEqual([...Object.keys(variables), ...sdk].sort());
  });

  it('names every secret that may stand in a file, and nothing else', () => {
    const from = lines.findIndex((line) => line.includes('NAME_FILE'));
    const to = lines.findIndex((line) => line.includes('AWS_SHARED_CREDENTIALS_FILE'));
    const told = lines.slice(from + 1, to).flatMap((line) => line.slice(2).split(' '));
    expect(told.toSorted()).toEqual(Object.keys(variables).filter(isSecret).toSorted());
  });

  it('explains each with the schema’s own words, default and unit', () => {
    for (const [name, variable] of Object.entries(variables)) {
      const at = lines.findIndex((line) => line.includes(`${name}=`));
      const explained = lines[at - 1] ?? '';
      expect(explained, name).toContain(variable.about);
      if ('unit' in variable) expect(explained, name).toContain(`(${variable.unit})`);
      const fallback = variable.schema.parse(undefined);
      if (fallback !== undefined && fallback !== '') {
        expect(lines[at], name).toBe(`# ${name}=${String(fallback)}`);
      }
    }
  });
});
