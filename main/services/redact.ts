const secretNames = /pass(word|phrase|wd)?|secret|token|private|pem|credential|authorization|^key$/i;

/** Text without what may be a secret: URL credentials, PEM blocks, tokens in fragments and headers. */
export function redactText(text: string): string {
  return text
    .replace(/-----BEGIN [A-Z0-9 ]+-----[\s\S]*?(-----END [A-Z0-9 ]+-----|$)/g, '[PEM removed]')
    .replace(/([a-z][a-z0-9+.-]*:\/\/)[^\s"']*@/gi, '$1[removed]@')
    .replace(/\b(token|password|passphrase|secret)(["']?\s*[=:]\s*["']?)[^\s"',;&}]+/gi, '$1$2[removed]')
    .replace(/\bBearer\s+\S+/gi, 'Bearer [removed]');
}

/** A copy fit for a log: members that are named like a secret and binary values are replaced, depth is bounded. */
export function redactValue(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') {
    return redactText(value.length > 2000 ? `${value.slice(0, 2000)}… (${value.length} characters)` : value);
  }
  if (value instanceof Error) {
    return redactText(value.stack ?? value.message);
  }
  if (ArrayBuffer.isView(value)) {
    return `[${value.byteLength} bytes]`;
  }
  if (typeof value !== 'object' || value === null) {
    return typeof value === 'bigint' ? value.toString() : value;
  }
  if (depth >= 5) {
    return '…';
  }
  if (Array.isArray(value)) {
    return value.slice(0, 50).map((item) => redactValue(item, depth + 1));
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      secretNames.test(name) && member !== undefined ? '[removed]' : redactValue(member, depth + 1),
    ]),
  );
}
