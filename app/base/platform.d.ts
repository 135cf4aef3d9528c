/**
 * The few globals that every host of this code has (Node, Electron, browsers, workers).
 * `app/` is compiled without DOM and Node types; what it may rely on is declared here and nowhere else.
 */

/** WHATWG Encoding: UTF-8 encoder. */
declare class TextEncoder {
  encode(input?: string): Uint8Array<ArrayBuffer>;
  encodeInto(source: string, destination: Uint8Array): { read: number; written: number };
}

/** WHATWG Encoding: decoder; with `fatal`, malformed input throws a TypeError. */
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(input?: Uint8Array, options?: { stream?: boolean }): string;
}

declare function setTimeout(callback: () => void, milliseconds?: number): unknown;
declare function clearTimeout(timer: unknown): void;
declare function queueMicrotask(callback: () => void): void;
declare const performance: { now(): number; readonly timeOrigin: number };
declare const crypto: { getRandomValues<T extends Uint8Array>(array: T): T; randomUUID(): string };
