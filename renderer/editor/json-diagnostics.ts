import { jsonDefaults } from 'monaco-editor/languages/features/json/register';
import type { JsonSchema } from '#app/payload/schema/json-schema.ts';

/** What texts look like, by the addresses of their models. */
const schemas = new Map<string, JsonSchema>();

/** Has JSON judged as RFC 8259 has it, and by the schemas of models; the network is never asked for one. */
export function judgeJson(): void {
  jsonDefaults.setDiagnosticsOptions({
    validate: true,
    allowComments: false,
    comments: 'error',
    trailingCommas: 'error',
    // What does not fit can't be sent.
    schemaValidation: 'error',
    schemas: [...schemas].map(([address, schema], index) => ({
      uri: `topicscope://schemas/${index}`,
      fileMatch: [address],
      schema,
    })),
    enableSchemaRequest: false,
  });
}

/** Completes and judges the text of a model by a schema; `undefined` takes it off. */
export function setModelSchema(address: string, schema: JsonSchema | undefined): void {
  if (schemas.get(address) === schema) {
    return;
  }
  if (schema === undefined) {
    schemas.delete(address);
  } else {
    schemas.set(address, schema);
  }
  judgeJson();
}
