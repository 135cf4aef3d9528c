import type { ContractClient } from '#app/contract/client.ts';
import { FailureError } from '#app/contract/failure.ts';
import type { PayloadView } from '#app/contract/operations/readers.ts';
import type { TextSource } from '#renderer/editor/text-source.ts';

/**
 * The message whose value is on screen: on a busy topic that is the one before `details` until the new one is decoded.
 * What is copied, saved or sent again is what the user sees.
 */
export function shownMessage(
  details: { readonly sequence: number; readonly size: number },
  source: { readonly sequence: number; readonly view: { readonly size: number } } | undefined,
): { readonly sequence: number; readonly size: number } {
  return source === undefined ? details : { sequence: source.sequence, size: source.view.size };
}

/** A decoded payload in the readers, as a text that can be read. Opened again by itself when the readers dropped it. */
export class ViewSource implements TextSource {
  readonly id: string;
  readonly length: number;
  readonly view: PayloadView;
  readonly sequence: number;
  readonly #client: ContractClient;
  readonly #sessionId: string;
  #viewId: string | undefined;

  constructor(client: ContractClient, sessionId: string, sequence: number, view: PayloadView) {
    this.#client = client;
    this.#sessionId = sessionId;
    this.#viewId = view.viewId;
    this.sequence = sequence;
    this.view = view;
    this.length = view.length;
    this.id = `${sessionId} ${sequence} ${view.codec}`;
  }

  async read(offset: number, length: number): Promise<string> {
    try {
      return await this.#readOnce(offset, length);
    } catch (error) {
      if (error instanceof FailureError && error.failure.code === 'view.closed') {
        this.#viewId = undefined;
        return this.#readOnce(offset, length);
      }
      throw error;
    }
  }

  /** Lets the readers forget it; another read opens it again. */
  close(): void {
    const viewId = this.#viewId;
    this.#viewId = undefined;
    if (viewId !== undefined) {
      // A line that is down has closed it already.
      this.#client.readers('view.close', { viewId }).catch(() => {});
    }
  }

  async #readOnce(offset: number, length: number): Promise<string> {
    this.#viewId ??= (
      await this.#client.readers('view.open', {
        sessionId: this.#sessionId,
        sequence: this.sequence,
        codec: this.view.codec,
      })
    ).viewId;
    const { text } = await this.#client.readers('view.read', { viewId: this.#viewId, offset, length });
    return text;
  }
}
