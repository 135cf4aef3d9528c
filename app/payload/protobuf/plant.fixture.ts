import protobuf from 'protobufjs';
import descriptor from 'protobufjs/ext/descriptor.js';
import type { PayloadSchema, SchemaFile } from '../../profile/schemas.ts';
import { base64Text } from '../base64.ts';
import type { DecodeLimits } from '../codec.ts';

/** The word of the schema language, which would be taken for an import of this file. */
export const IMPORT = 'import';

/** All that the third version of the language has. */
export const plantProto = `
syntax = "proto3";
package plant;
${IMPORT} "common/units.proto";
${IMPORT} "google/protobuf/timestamp.proto";
${IMPORT} "google/protobuf/duration.proto";
${IMPORT} "google/protobuf/wrappers.proto";
${IMPORT} "google/protobuf/struct.proto";
${IMPORT} "google/protobuf/any.proto";

message Reading {
  double f64 = 1;
  float f32 = 2;
  int32 i32 = 3;
  int64 i64 = 4;
  uint32 u32 = 5;
  uint64 u64 = 6;
  sint32 s32 = 7;
  sint64 s64 = 8;
  fixed32 x32 = 9;
  fixed64 x64 = 10;
  sfixed32 sx32 = 11;
  sfixed64 sx64 = 12;
  bool is_on = 13;
  string name = 14;
  bytes raw = 15;
  Mode mode = 16;
  optional int32 maybe = 17;
  oneof which { string text = 18; Point point = 19; Mode other_mode = 20; }
  repeated sint64 many = 21;
  repeated string names = 22;
  repeated Point points = 23;
  repeated Mode modes = 24;
  map<string, Point> by_name = 25;
  map<int64, double> by_number = 26;
  map<bool, string> by_flag = 27;
  common.Unit unit = 28;
  repeated double doubles = 29 [packed = false];
  enum Mode { OFF = 0; ON = 1; FAULT = -3; }
  message Point { int32 x = 1; int32 y = 2; Point inner = 3; }
}
message Known {
  google.protobuf.Timestamp at = 1;
  google.protobuf.Duration took = 2;
  google.protobuf.Int64Value count = 3;
  google.protobuf.Struct more = 4;
  google.protobuf.Any any = 5;
  repeated google.protobuf.StringValue labels = 6;
  google.protobuf.Value value = 7;
}
`;

export const unitsProto = `
syntax = "proto3";
package common;
enum Unit { NONE = 0; CELSIUS = 1; BAR = 2; }
`;

/** What only the second version has. */
export const oldProto = `
syntax = "proto2";
package old;
message Report {
  required int32 id = 1;
  optional group Extra = 2 { optional string note = 1; repeated group Deep = 2 { optional int32 z = 1; } }
  repeated int32 loose = 3;
  repeated int32 tight = 4 [packed = true];
  optional int64 far = 5 [default = -5];
  extensions 100 to 200;
}
extend Report { optional Report nested = 100; repeated string tags = 101; }
`;

/** A schema of these files. */
export function schemaOf(files: readonly SchemaFile[], name = 'Plant'): PayloadSchema {
  return { id: 's', name, kind: 'protobuf', files: [...files] };
}

/** All of the above as text. */
export const textSchema = schemaOf([
  { path: 'plant.proto', text: plantProto },
  { path: 'units.proto', text: unitsProto },
  { path: 'old.proto', text: oldProto },
]);

/** The library's own reading of the files, whose encoders and decoders ours are held against. */
export function referenceRoot(): protobuf.Root {
  const root = new protobuf.Root();
  const options = { keepCase: true };
  for (const text of [plantProto, unitsProto, oldProto]) {
    protobuf.parse(text, root, options);
  }
  for (const name of ['timestamp', 'duration', 'wrappers', 'struct', 'any']) {
    root.addJSON(protobuf.common.get(`google/protobuf/${name}.proto`)?.nested ?? {});
  }
  root.resolveAll();
  return root;
}

/** The same schema compiled, as `protoc --include_imports --descriptor_set_out` would. */
export function compiledSchema(): PayloadSchema {
  const root = referenceRoot() as protobuf.Root & { toDescriptor(syntax: string): protobuf.Message };
  const bytes = descriptor.FileDescriptorSet.encode(root.toDescriptor('proto3')).finish();
  return schemaOf([{ path: 'plant.desc', base64: base64Text(bytes) }]);
}

/** Limits that nothing of a test comes near. */
export const ample: DecodeLimits = { maxTextLength: 10_000_000, maxDepth: 100, isOver: () => false };
