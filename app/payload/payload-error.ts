import { formatCount } from '../base/format.ts';
import { FailureError } from '../contract/failure.ts';

/** A typed payload that its format does not allow, with the place in UTF-16 units of the text, for an editor's marker. */
export class PayloadError extends FailureError {
  readonly offset: number;
  readonly length: number;

  constructor(code: string, what: string, hint: string, text: string, offset: number, length = 1) {
    super({ code, message: `${what} (${place(text, offset)}).`, hint });
    this.name = 'PayloadError';
    this.offset = offset;
    this.length = length;
  }
}

/** `character 5`, or `line 2, column 5` where there are several lines; counted from 1. */
function place(text: string, at: number): string {
  if (!/[\r\n]/.test(text)) {
    return `character ${formatCount(at + 1)}`;
  }
  const before = text.slice(0, at).split(/\r\n|\r|\n/);
  return `line ${formatCount(before.length)}, column ${formatCount((before.at(-1) ?? '').length + 1)}`;
}
