import { fail } from '#app/contract/failure.ts';
import { MAX_STAGED_PAYLOAD } from '#app/contract/operations/session.ts';

/** Payloads that one client may have in the making, and their bytes together. */
const MAX_STAGED = 8;
const MAX_STAGED_BYTES = 2 * MAX_STAGED_PAYLOAD;

interface Staged {
  readonly slices: Uint8Array[];
  size: number;
}

/** Large payloads that one client sends in slices before it publishes them. Bounded; gone with the client. */
export class StagedPayloads {
  readonly #staged = new Map<string, Staged>();
  #bytes = 0;

  /** Appends a slice; without `stagedId` begins a payload. */
  append(
    stagedId: string | undefined,
    slice: Uint8Array,
  ): { readonly stagedId: string; readonly size: number } {
    const id = stagedId ?? crypto.randomUUID();
    const staged = stagedId === undefined ? this.#begin(id) : this.#get(id);
    if (staged.size + slice.length > MAX_STAGED_PAYLOAD || this.#bytes + slice.length > MAX_STAGED_BYTES) {
      this.discard(id);
      throw fail(
        'payload.tooLarge',
        'The payload is larger than MQTT allows: 256 MB in one message.',
        'Send a smaller file.',
      );
    }
    staged.slices.push(slice);
    staged.size += slice.length;
    this.#bytes += slice.length;
    return { stagedId: id, size: staged.size };
  }

  /** The whole payload; it stays until it is discarded, so that a publish that failed can be tried again. */
  whole(stagedId: string): Uint8Array {
    const staged = this.#get(stagedId);
    const whole = Buffer.concat(staged.slices, staged.size);
    // One piece from now on: the slices are not kept beside it.
    staged.slices.splice(0, staged.slices.length, whole);
    return whole;
  }

  discard(stagedId: string): void {
    const staged = this.#staged.get(stagedId);
    if (staged !== undefined) {
      this.#staged.delete(stagedId);
      this.#bytes -= staged.size;
    }
  }

  #begin(id: string): Staged {
    if (this.#staged.size >= MAX_STAGED) {
      throw fail(
        'payload.tooMany',
        `${MAX_STAGED} payloads are being prepared already.`,
        'Publish or discard one of them first.',
      );
    }
    const staged: Staged = { slices: [], size: 0 };
    this.#staged.set(id, staged);
    return staged;
  }

  #get(id: string): Staged {
    const staged = this.#staged.get(id);
    if (staged === undefined) {
      throw fail('payload.unknown', 'The prepared payload is gone.', 'Choose the file again.');
    }
    return staged;
  }
}
