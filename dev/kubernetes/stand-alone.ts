import type { Schema } from './strict-schema.ts';

/** A schema together with all the definitions that it leads to, without the prose in them. */
export function standAlone(schema: Schema, definitions: Readonly<Record<string, Schema>>): Schema {
  const used: Record<string, unknown> = {};
  const convert = (value: unknown, isNames = false): unknown => {
    if (Array.isArray(value)) return value.map((one) => convert(one));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value as Schema)
      .filter(([key]) => isNames || key !== 'description')
      .map(([key, one]) => {
        if (key === '$ref' && typeof one === 'string') return [key, refer(nameOf(one))];
        return [key, convert(one, key === 'properties' && !isNames)];
      });
    return Object.fromEntries(entries);
  };
  const refer = (name: string): string => {
    if (!Object.hasOwn(used, name)) {
      used[name] = {};
      used[name] = convert(definitions[name]);
    }
    return `#/$defs/${name}`;
  };
  const converted = convert(schema) as Schema;
  return { ...converted, $defs: used };
}

function nameOf(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1);
}
