import type { Disposable } from '#app/base/disposable.ts';
import { contract } from '#app/contract/contract.ts';
import type { ParsedInputOf } from '#app/contract/define.ts';
import { fail } from '#app/contract/failure.ts';
import type { Frame } from '#app/contract/frames.ts';
import type { PayloadView } from '#app/contract/operations/readers.ts';
import { ContractServer } from '#app/contract/server.ts';
import type { Codec, Decoded } from '#app/payload/codec.ts';
import type { AlongReaders } from './along-readers.ts';
import type { Decoder } from './decoder.ts';
import type { Exports } from './search/exports.ts';
import type { SessionRules } from './session-rules.ts';

/** Views that one client may have open; the one that was used longest ago is closed for the next. */
const MAX_VIEWS = 64;

/** What a view shows. The text lies in the decoder's cache, and is decoded again when it went from there. */
interface OpenView {
  readonly sessionId: string;
  readonly sequence: number;
  readonly codec: Codec;
}

/** UTF-16 units of a view that is only tried. */
const MAX_TRIED = 4000;

type TryWanted = ParsedInputOf<(typeof contract.readers.operations)['rules.try']>;
type ViewWanted = ParsedInputOf<(typeof contract.readers.operations)['view.open']>;

/** Serves one client's views. They end with it. */
export class ReaderClient implements Disposable {
  readonly #decoder: Decoder;
  readonly #rules: SessionRules;
  readonly #server: ContractServer<typeof contract.readers.operations, typeof contract.readers.feeds>;
  readonly #views = new Map<string, OpenView>();
  #nextView = 1;

  readonly #exports: Exports;

  constructor(decoder: Decoder, along: AlongReaders, send: (frame: Uint8Array) => void) {
    const exports = along.openExports();
    this.#exports = exports;
    this.#decoder = decoder;
    this.#rules = along.rules;
    this.#server = new ContractServer(
      {
        operations: contract.readers.operations,
        handlers: {
          'view.open': (input, cancellation) => this.#open(input, () => !cancellation.isCancelled),
          'view.read': (input) => this.#read(input.viewId, input.offset, input.length),
          'rules.try': (input, cancellation) => this.#try(input, () => !cancellation.isCancelled),
          'view.close': ({ viewId }) => {
            this.#views.delete(viewId);
          },
          ...along.handlers,
          'export.open': ({ sessionId, what, format }) => exports.open(sessionId, what, format),
          'export.read': ({ exportId }) => exports.read(exportId),
          'export.close': ({ exportId }) => exports.close(exportId),
        },
        feeds: contract.readers.feeds,
        sources: along.sources,
      },
      'readers',
      send,
    );
  }

  receive(frame: Frame): void {
    this.#server.receive(frame);
  }

  dispose(): void {
    this.#server.dispose();
    this.#views.clear();
    this.#exports.dispose();
  }

  async #open(
    { sessionId, sequence, codec: codecId, topic }: ViewWanted,
    isWanted: () => boolean,
  ): Promise<PayloadView> {
    const view = await this.#decoder.view(sessionId, sequence, codecId, isWanted, topic);
    const { codec } = view;
    const viewId = String(this.#nextView++);
    this.#views.set(viewId, { sessionId, sequence, codec: view.by });
    for (const oldest of this.#views.keys()) {
      if (this.#views.size <= MAX_VIEWS) {
        break;
      }
      this.#views.delete(oldest);
    }
    const { decoded } = view;
    const isText = decoded.shape === 'text';
    const text = textOf(decoded);
    return {
      viewId,
      codec,
      ...(codec.includes(':') ? { label: view.by.label } : {}),
      shape: decoded.shape,
      language: isText ? decoded.language : decoded.shape === 'image' ? decoded.mime : 'plaintext',
      length: text.length,
      size: view.size,
      markers: isText ? decoded.markers : [],
      notes: decoded.notes,
    };
  }

  async #try({ sessionId, sequence, codec }: TryWanted, isWanted: () => boolean) {
    const tried = this.#rules.tried(sessionId, codec);
    const { decoded } = await this.#decoder.view(sessionId, sequence, tried, isWanted);
    const text = decoded.shape === 'text' ? sliceOf(decoded.text, 0, MAX_TRIED) : '';
    return {
      text,
      isCut: decoded.shape === 'text' && text.length < decoded.text.length,
      notes: decoded.notes,
    };
  }

  async #read(viewId: string, offset: number, length: number): Promise<{ readonly text: string }> {
    const open = this.#views.get(viewId);
    if (open === undefined) {
      throw fail('view.closed', 'This view is closed.', 'Choose the message again.');
    }
    // Used now: to the end of the order.
    this.#views.delete(viewId);
    this.#views.set(viewId, open);
    const { decoded } = await this.#decoder.view(open.sessionId, open.sequence, open.codec);
    return { text: sliceOf(textOf(decoded), offset, length) };
  }
}

/** What is fetched in slices: a text, or an image that is not the payload itself. */
function textOf(decoded: Decoded): string {
  return decoded.shape === 'text' ? decoded.text : decoded.shape === 'image' ? (decoded.base64 ?? '') : '';
}

/** A slice that ends before half of a surrogate pair rather than within: what crosses is UTF-8. */
export function sliceOf(text: string, offset: number, length: number): string {
  const end = Math.min(text.length, offset + length);
  const last = text.charCodeAt(end - 1);
  const isCut = end > offset && end < text.length && last >= 0xd800 && last <= 0xdbff;
  if (!isCut) {
    return text.slice(offset, end);
  }
  // Something must come, or whoever reads on from where it ended would never arrive.
  return text.slice(offset, end - 1 > offset ? end - 1 : end + 1);
}
