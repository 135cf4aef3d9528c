import { FailureError } from '../contract/failure.ts';
import type { PayloadSchema } from '../profile/schemas.ts';
import { charsetCodecs } from './charset-codec.ts';
import type { Codec } from './codec.ts';
import { codecById, codecs } from './registry.ts';
import { namingCodec } from './schema/naming-codec.ts';
import { chosenTypeProblem, schemaCodec } from './schema/schema-codec.ts';
import { compileTemplate } from './template/compile.ts';
import { brokenTemplateCodec, createTemplateCodec } from './template/template-codec.ts';

/** The view that a rule chooses, as `app/profile/rules.ts` stores it. */
export interface ChosenView {
  readonly id: string;
  /** Of a binary template. */
  readonly template?: string | undefined;
  /** Id of a schema; the codec's id is its kind. */
  readonly schema?: string | undefined;
  /** A message type of it. */
  readonly type?: string | undefined;
}

/** The view that needs a template beside the bytes. */
export const TEMPLATE = 'template';

/** What a rule may choose as view, in the order in which it is offered. */
export const ruleViews: readonly { readonly id: string; readonly label: string }[] = [
  { id: 'auto', label: 'Auto' },
  ...codecs.map(({ id, label }) => ({ id, label })),
  { id: TEMPLATE, label: 'Template' },
  ...charsetCodecs.map(({ id, label }) => ({ id, label })),
];

/** What is wrong with what a rule's view needs beside the bytes; `undefined` where nothing is. */
export function ruleViewProblem(
  { id, template = '', schema, type }: ChosenView,
  schemas: readonly PayloadSchema[],
): FailureError | undefined {
  if (id !== TEMPLATE) {
    return schema === undefined ? undefined : chosenTypeProblem({ id, schema, type }, schemas);
  }
  try {
    compileTemplate(template);
    return undefined;
  } catch (error) {
    if (error instanceof FailureError) {
      return error;
    }
    throw error;
  }
}

/** The codec that a rule chooses; `undefined` for `auto`, and for one that this version does not have. */
export function ruleCodec(
  { id, template = '', schema, type }: ChosenView,
  schemas: readonly PayloadSchema[] = [],
): Codec | undefined {
  if (id === TEMPLATE) {
    const problem = ruleViewProblem({ id, template }, schemas);
    return problem === undefined ? createTemplateCodec(template) : brokenTemplateCodec(template, problem);
  }
  return schema === undefined ? plainCodec(id, schemas) : schemaCodec({ id, schema, type }, schemas);
}

/** A codec without a schema; Avro finds the one that a payload names. */
function plainCodec(id: string, schemas: readonly PayloadSchema[]): Codec | undefined {
  const codec = codecById(id);
  return id === 'avro' ? (namingCodec(schemas, codec) ?? codec) : codec;
}
