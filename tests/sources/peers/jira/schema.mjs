// Writes the JSON Schema of what Jira Cloud answers, by a client's own models; strict, so that no unknown field passes.
import { writeFileSync } from 'node:fs';
import { z } from 'zod';

process.env.AUDIT_SCHEMAS = 'true';
const jira = await import('jira.js/cloud');

const NAMES = [
  'SearchAndReconcileResults', 'PageChangelog', 'StatusDetails', 'FieldDetails', 'ServerInformation', 'UserDetails',
];
const found = NAMES.map((name) => [name, z.toJSONSchema(jira[`${name}Schema`], { io: 'input', unrepresentable: 'any' })]);
writeFileSync('schema.json', JSON.stringify(Object.fromEntries(found)));
