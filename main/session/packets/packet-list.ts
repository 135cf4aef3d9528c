import type { PacketFilter } from '#app/contract/feeds/packets.ts';
import { packetRow } from './packet-rows.ts';
import type { PacketStore } from './packet-store.ts';

/** Packets that are looked at between two looks at the clock. */
const STRIDE = 64;

/** The recorded packets that pass a filter, kept up with what comes and goes. */
export class PacketList {
  readonly #filter: PacketFilter;
  readonly #text: string;
  readonly #types: ReadonlySet<string>;
  readonly #isPlain: boolean;
  /** Sequence numbers that pass, those before `#from` gone. */
  #found: number[] = [];
  #from = 0;
  #scannedTo = 0;
  #evicted = 0;

  constructor(filter: PacketFilter) {
    this.#filter = filter;
    this.#text = filter.text.toLowerCase();
    this.#types = new Set(filter.types);
    this.#isPlain =
      filter.direction === 'both' &&
      filter.types.length === 0 &&
      filter.text === '' &&
      filter.packetId === undefined &&
      !filter.onlyProblems;
  }

  get total(): number {
    return this.#found.length - this.#from;
  }

  /** Rows that passed and are not kept any more. */
  get evicted(): number {
    return this.#evicted;
  }

  sequenceAt(row: number): number | undefined {
    return this.#found[this.#from + row];
  }

  /** Looks at what is new, until a moment of `performance.now()`. False: there is more. */
  update(store: PacketStore, deadline: number): boolean {
    this.#dropGone(store.oldest);
    this.#scannedTo = Math.max(this.#scannedTo, store.oldest - 1);
    while (this.#scannedTo < store.newest) {
      const end = Math.min(store.newest, this.#scannedTo + STRIDE);
      for (let sequence = this.#scannedTo + 1; sequence <= end; sequence++) {
        if (this.#isPlain || this.#passes(store, sequence)) {
          this.#found.push(sequence);
        }
      }
      this.#scannedTo = end;
      if (performance.now() > deadline) {
        return this.#scannedTo === store.newest;
      }
    }
    return true;
  }

  #dropGone(oldest: number): void {
    while (this.#from < this.#found.length && (this.#found[this.#from] ?? 0) < oldest) {
      this.#from += 1;
      this.#evicted += 1;
    }
    if (this.#from > 4096) {
      this.#found = this.#found.slice(this.#from);
      this.#from = 0;
    }
  }

  #passes(store: PacketStore, sequence: number): boolean {
    const { direction, packetId, onlyProblems } = this.#filter;
    const mark = store.markAt(sequence);
    if (mark !== undefined) {
      // What happened to the connection belongs to all that is looked for, but for single packets.
      return onlyProblems ? mark.isBad : this.#text === '' && packetId === undefined;
    }
    if (direction !== 'both' && store.isSent(sequence) !== (direction === 'sent')) {
      return false;
    }
    const stored = store.packet(sequence);
    if (stored === undefined) {
      return false;
    }
    const row = packetRow(stored);
    return (
      (this.#types.size === 0 || this.#types.has(row.type)) &&
      (packetId === undefined || row.packetId === packetId) &&
      (!onlyProblems || row.problem !== undefined) &&
      (this.#text === '' || row.summary.toLowerCase().includes(this.#text))
    );
  }
}
