/** Bytes that are being edited, and where. All of it is plain data: each change makes a new one. */
export interface HexEdit {
  readonly bytes: Uint8Array;
  /** The byte that is typed at; as many as there are bytes is the place behind the last one. */
  readonly cursor: number;
  /** Where the selection began; both ends belong to it. Absent: nothing is selected. */
  readonly anchor?: number;
  /** The first digit of the byte at the cursor is typed. */
  readonly isHalf: boolean;
  /** Bytes that are typed come before the one at the cursor, instead of in its place. */
  readonly isInserting: boolean;
  readonly undo: readonly Patch[];
  readonly redo: readonly Patch[];
}

/** What was taken out and put in at an offset. */
interface Patch {
  readonly at: number;
  readonly removed: Uint8Array;
  readonly inserted: Uint8Array;
  /** Of the cursor, before. */
  readonly cursor: number;
}

/** Offsets, the end not included. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Steps that can be undone. */
const MAX_STEPS = 500;
const nothing = new Uint8Array();

/** An edit that begins with these bytes. */
export function startEdit(bytes: Uint8Array): HexEdit {
  return { bytes, cursor: 0, isHalf: false, isInserting: false, undo: [], redo: [] };
}

/** The selected bytes; empty where nothing is selected. */
export function selectionOf({ bytes, cursor, anchor }: HexEdit): Span {
  return anchor === undefined
    ? { start: cursor, end: cursor }
    : { start: Math.min(anchor, cursor), end: Math.min(bytes.length, Math.max(anchor, cursor) + 1) };
}

/** Goes to a byte, or on selecting up to it. */
export function moveTo(edit: HexEdit, offset: number, isExtending: boolean): HexEdit {
  const { anchor: before, ...rest } = edit;
  const cursor = Math.max(0, Math.min(edit.bytes.length, offset));
  const anchor = isExtending ? (before ?? edit.cursor) : undefined;
  return { ...rest, cursor, isHalf: false, ...(anchor === undefined ? {} : { anchor }) };
}

/** Selects everything. */
export function selectAll(edit: HexEdit): HexEdit {
  const { length } = edit.bytes;
  return length === 0 ? edit : { ...edit, anchor: 0, cursor: length - 1, isHalf: false };
}

/** Types a hex digit (0 to 15): the first one of a byte, or the second. */
export function typeDigit(edit: HexEdit, digit: number): HexEdit {
  const { bytes, cursor, isHalf } = edit;
  if (isHalf) {
    const byte = ((bytes[cursor] ?? 0) & 0xf0) | digit;
    return { ...amend(edit, byte), cursor: cursor + 1, isHalf: false };
  }
  const { start, end } = typedOver(edit);
  const low = end - start === 1 && edit.anchor === undefined ? (bytes[start] ?? 0) & 0x0f : 0;
  return { ...splice(edit, start, end, Uint8Array.of((digit << 4) | low)), cursor: start, isHalf: true };
}

/** Puts bytes in place of the selection, or at the cursor. */
export function putBytes(edit: HexEdit, inserted: Uint8Array): HexEdit {
  const { start, end } = selectionOf(edit);
  const isOver = start === end && !edit.isInserting;
  const last = isOver ? Math.min(edit.bytes.length, start + inserted.length) : end;
  return splice(edit, start, last, inserted);
}

/** Takes the selection out, or the byte before (`-1`) or at (`0`) the cursor. */
export function remove(edit: HexEdit, where: -1 | 0): HexEdit {
  const { start, end } = selectionOf(edit);
  if (end > start) {
    return splice(edit, start, end, nothing);
  }
  if (edit.isHalf && where === -1) {
    return undo(edit);
  }
  const at = start + where;
  return at < 0 || at >= edit.bytes.length ? edit : splice(edit, at, at + 1, nothing);
}

/** The other way of typing: before the byte at the cursor, or in its place. */
export function toggleInserting(edit: HexEdit): HexEdit {
  return { ...edit, isInserting: !edit.isInserting, isHalf: false };
}

/** One step back. */
export function undo(edit: HexEdit): HexEdit {
  const patch = edit.undo.at(-1);
  if (patch === undefined) {
    return edit;
  }
  return {
    ...replaced(edit, patch.at, patch.at + patch.inserted.length, patch.removed),
    cursor: patch.cursor,
    undo: edit.undo.slice(0, -1),
    redo: [...edit.redo, patch],
  };
}

/** One step forth. */
export function redo(edit: HexEdit): HexEdit {
  const patch = edit.redo.at(-1);
  if (patch === undefined) {
    return edit;
  }
  return {
    ...replaced(edit, patch.at, patch.at + patch.removed.length, patch.inserted),
    cursor: patch.at + patch.inserted.length,
    undo: [...edit.undo, patch],
    redo: edit.redo.slice(0, -1),
  };
}

/** What a typed byte takes the place of. */
function typedOver(edit: HexEdit): Span {
  const { start, end } = selectionOf(edit);
  const isOver = start === end && !edit.isInserting && start < edit.bytes.length;
  return { start, end: isOver ? start + 1 : end };
}

function splice(edit: HexEdit, start: number, end: number, inserted: Uint8Array): HexEdit {
  const patch = { at: start, removed: edit.bytes.slice(start, end), inserted, cursor: edit.cursor };
  return {
    ...replaced(edit, start, end, inserted),
    cursor: start + inserted.length,
    undo: [...edit.undo.slice(1 - MAX_STEPS), patch],
    redo: [],
  };
}

/** The second digit belongs to the step of the first. */
function amend(edit: HexEdit, byte: number): HexEdit {
  const inserted = Uint8Array.of(byte);
  const last = edit.undo.at(-1);
  return {
    ...replaced(edit, edit.cursor, edit.cursor + 1, inserted),
    undo: last === undefined ? [] : [...edit.undo.slice(0, -1), { ...last, inserted }],
  };
}

function replaced(edit: HexEdit, start: number, end: number, inserted: Uint8Array): HexEdit {
  const { anchor: _anchor, ...rest } = edit;
  const bytes = new Uint8Array(edit.bytes.length - (end - start) + inserted.length);
  bytes.set(edit.bytes.subarray(0, start));
  bytes.set(inserted, start);
  bytes.set(edit.bytes.subarray(end), start + inserted.length);
  return { ...rest, bytes, isHalf: false };
}
