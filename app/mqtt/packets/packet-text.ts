import type { DecodedPacket, PacketField } from './packet.ts';

/** A field with how deep it lies. */
export interface FlatField extends PacketField {
  readonly level: number;
}

/** All fields in the order of their bytes, those inside of others behind them. */
export function flatFields(fields: readonly PacketField[], level = 0): readonly FlatField[] {
  return fields.flatMap((field) => [{ ...field, level }, ...flatFields(field.children ?? [], level + 1)]);
}

/** Bytes as `30 0a 00`, sixteen a line. */
export function packetHex(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const row = Array.from(bytes.subarray(at, at + 16), (byte) => byte.toString(16).padStart(2, '0'));
    lines.push(row.join(' '));
  }
  return lines.join('\n');
}

/** A packet as text: a field a line, set in by its depth, and what is wrong at the end. */
export function packetText({ type, fields, problems }: DecodedPacket): string {
  return [
    type,
    ...flatFields(fields).map(({ name, value, level }) =>
      `${'  '.repeat(level + 1)}${name}: ${value}`.trimEnd(),
    ),
    ...problems.map(({ at, message, section }) => `  ! at byte ${at}: ${message} (${section})`),
  ].join('\n');
}
