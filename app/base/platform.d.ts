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
/** Web Cryptography API: a key whose bytes stay inside. */
declare interface PlatformKey {
  readonly type: string;
}

/** Web Cryptography API, as far as signatures of cloud services need it. */
declare const crypto: {
  getRandomValues<T extends Uint8Array>(array: T): T;
  randomUUID(): string;
  readonly subtle: {
    digest(algorithm: 'SHA-256', data: Uint8Array): Promise<ArrayBuffer>;
    importKey(
      format: 'raw' | 'pkcs8',
      keyData: Uint8Array,
      algorithm: { readonly name: string; readonly hash?: string; readonly namedCurve?: string },
      extractable: boolean,
      usages: readonly 'sign'[],
    ): Promise<PlatformKey>;
    sign(
      algorithm: { readonly name: string; readonly hash?: string },
      key: PlatformKey,
      data: Uint8Array,
    ): Promise<ArrayBuffer>;
  };
};

/** WHATWG HTML, section 8.3: Base64 of a string whose characters are bytes, and back; `atob` throws on anything else. */
declare function btoa(bytes: string): string;
declare function atob(text: string): string;
