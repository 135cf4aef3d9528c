/** Stops on a programming error: a condition that no input may break. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) {
    throw new Error(`Internal error: ${message}`);
  }
}

/** Ends a switch over a discriminated union; the compiler rejects a forgotten case. */
export function assertNever(value: never): never {
  throw new Error(`Internal error: unexpected value ${JSON.stringify(value)}`);
}
