import { base64Pattern, type JsonSchema } from '../schema/json-schema.ts';
import { dataTypeNames } from './data-types.ts';
import { metadataNames } from './message-types.ts';

const uint64: JsonSchema = { type: ['integer', 'string'], minimum: 0 };
const time: JsonSchema = {
  type: ['string', 'integer'],
  minimum: 0,
  description: 'A time: "2026-01-02T03:04:05.678Z", or milliseconds since 1970',
};
const type: JsonSchema = {
  anyOf: [
    { enum: dataTypeNames.slice(1), description: 'Data type' },
    { type: ['string', 'integer'], doNotSuggest: true },
  ],
};
const value: JsonSchema = {
  description:
    'The value in its type; bytes in Base64, null for none, a data set with columns, types and rows',
};
const properties: JsonSchema = {
  type: 'object',
  description: 'Properties by their names, each with type and value',
  additionalProperties: { type: 'object', properties: { type, value } },
};
const flag = (description: string): JsonSchema => ({ type: 'boolean', description, isAlternative: true });

const metric: JsonSchema = {
  type: 'object',
  properties: {
    type: { ...type, examples: ['Double'] },
    value: { ...value, examples: [21.5] },
    name: { type: 'string', description: 'For metrics in a list', isAlternative: true },
    alias: { ...uint64, description: 'Stands for the name in data and commands', isAlternative: true },
    timestamp: { ...time, isAlternative: true },
    isHistorical: flag('Not the newest value'),
    isTransient: flag('Not to be stored'),
    isNull: flag('There is no value'),
    properties: { ...properties, isAlternative: true },
    metadata: {
      type: 'object',
      isAlternative: true,
      properties: Object.fromEntries(
        metadataNames.flatMap((name) => (name === undefined ? [] : [[name, {}]])),
      ),
    },
  },
};

/** What a payload looks like in JSON. Of values it says little: they are judged when they are written. */
export const sparkplugShape: JsonSchema = {
  type: 'object',
  properties: {
    timestamp: { ...time, examples: ['{{now}}'] },
    seq: { ...uint64, maximum: 255, description: 'Sequence number, 0 in a birth of a node' },
    metrics: {
      anyOf: [
        {
          type: 'object',
          description: 'Metrics by their names',
          additionalProperties: {
            anyOf: [
              { $ref: '#/definitions/metric' },
              { type: ['boolean', 'number', 'string', 'null', 'array'], doNotSuggest: true },
            ],
          },
          examples: [{ Temperature: { type: 'Double', value: 21.5 } }],
        },
        { type: 'array', items: { $ref: '#/definitions/metric' } },
      ],
    },
    uuid: { type: 'string', isAlternative: true },
    body: { type: 'string', pattern: base64Pattern, description: 'Bytes in Base64', isAlternative: true },
  },
  definitions: { metric },
};
