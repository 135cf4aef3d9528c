/** A value as it travels: by the field of the `oneof` that holds it (specification 3.0, section 6.4). */
export type RawValue =
  | { readonly kind: 'int' | 'long'; readonly value: bigint }
  | { readonly kind: 'float' | 'double'; readonly value: number }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'bytes'; readonly value: Uint8Array }
  | { readonly kind: 'dataset'; readonly value: DataSet }
  | { readonly kind: 'template'; readonly value: Template }
  | { readonly kind: 'properties'; readonly value: readonly Property[] }
  | { readonly kind: 'propertiesList'; readonly value: readonly (readonly Property[])[] }
  | { readonly kind: 'extension' };

export interface DataSet {
  readonly columns: string[];
  readonly types: number[];
  readonly rows: (RawValue | undefined)[][];
}

export interface Template {
  version?: string;
  reference?: string;
  isDefinition?: boolean;
  readonly parameters: { name?: string; type?: number; value?: RawValue }[];
  readonly metrics: Metric[];
}

/** A property; its name and value come by their place in two lists. */
export interface Property {
  name?: string;
  type?: number;
  isNull?: boolean;
  value?: RawValue;
}

export interface Metric {
  name?: string;
  alias?: bigint;
  /** Milliseconds since the epoch. */
  timestamp?: bigint;
  datatype?: number;
  isHistorical?: boolean;
  isTransient?: boolean;
  isNull?: boolean;
  metadata?: Record<string, string | bigint | boolean>;
  properties?: readonly Property[];
  value?: RawValue;
}

export interface Payload {
  /** Milliseconds since the epoch. */
  timestamp?: bigint;
  seq?: bigint;
  uuid?: string;
  body?: Uint8Array;
  readonly metrics: Metric[];
}

/** Names of the metadata of a metric by their fields. */
export const metadataNames: readonly (string | undefined)[] = [
  undefined,
  'isMultiPart',
  'contentType',
  'size',
  'seq',
  'fileName',
  'fileType',
  'md5',
  'description',
];
