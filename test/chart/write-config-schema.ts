/** Writes the variables of src/variables.ts into the chart's schema: `npm run chart:schema`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { makeConfigSchemas } from './config-schema.ts';

const FILE = 'helm/troupe/values.schema.json';
const schema = JSON.parse(readFileSync(FILE, 'utf8')) as { properties: Record<string, unknown> };
Object.assign(schema.properties, makeConfigSchemas());
writeFileSync(FILE, `${JSON.stringify(schema, null, 2)}\n`);
