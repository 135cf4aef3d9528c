import type { Disposable } from '#app/base/disposable.ts';
import type { ParsedParamsOf } from '#app/contract/define.ts';
import { fail } from '#app/contract/failure.ts';
import type { PacketMark, PacketRow, PacketsWindow, packetsFeeds } from '#app/contract/feeds/packets.ts';
import type { packetsOperations } from '#app/contract/operations/packets.ts';
import type { FeedSource, OperationHandlers } from '#app/contract/server.ts';
import { pacedFeed } from '../feeds/paced-feed.ts';
import type { Pacer } from '../feeds/pacer.ts';
import { PacketList } from './packet-list.ts';
import type { PacketRecorder } from './packet-recorder.ts';
import { isPartOf, packetRow } from './packet-rows.ts';
import type { PacketStore } from './packet-store.ts';

/** Milliseconds that one tick may take to look for what passes a filter. */
const BUDGET = 12;
/** Packets of one exchange that are listed: a message that is never acknowledged is sent again and again. */
const MAX_EXCHANGE = 32;

type PacketsParams = ParsedParamsOf<(typeof packetsFeeds)['packets']>;

/** The feed `packets`. While one is open and not paused, packets are recorded. */
export function createPacketsFeed(
  recorder: PacketRecorder,
  pacer: Pacer,
): FeedSource<PacketsParams, PacketsWindow> {
  return (initial, push) => {
    const holding = recorder.hold();
    let watching: Disposable | undefined;
    /** The newest that a paused view shows. */
    let until = Number.POSITIVE_INFINITY;
    const follow = ({ isPaused }: PacketsParams) => {
      if (isPaused && until === Number.POSITIVE_INFINITY) {
        until = recorder.store?.newest ?? 0;
        watching?.dispose();
        watching = undefined;
      } else if (!isPaused) {
        until = Number.POSITIVE_INFINITY;
        watching ??= recorder.watch();
      }
    };
    follow(initial);
    let key = '';
    let store: PacketStore | undefined;
    let list = new PacketList(initial.filter);
    return pacedFeed<PacketsParams, PacketsWindow>(pacer, initial, push, {
      build(params) {
        follow(params);
        const nextKey = JSON.stringify(params.filter);
        if (nextKey !== key || recorder.store !== store) {
          key = nextKey;
          store = recorder.store;
          list = new PacketList(params.filter);
        }
        const isDone = store === undefined || list.update(store, performance.now() + BUDGET);
        if (!isDone) {
          pacer.markDirty();
        }
        return windowOf(recorder, list, params, until, !isDone);
      },
      dispose() {
        watching?.dispose();
        holding.dispose();
      },
    });
  };
}

function windowOf(
  recorder: PacketRecorder,
  list: PacketList,
  params: PacketsParams,
  until: number,
  scanning: boolean,
): PacketsWindow {
  const { store, keepAlive } = recorder;
  let total = list.total;
  // Another view may go on recording.
  while (total > 0 && (list.sequenceAt(total - 1) ?? 0) > until) {
    total -= 1;
  }
  const first = params.at.kind === 'live' ? total - params.count : params.at.row;
  const offset = Math.max(0, Math.min(first, total - 1));
  const rows: (PacketRow | PacketMark)[] = [];
  for (let row = offset; row < Math.min(total, offset + params.count); row++) {
    const shown = store === undefined ? undefined : rowAt(store, list.sequenceAt(row) ?? 0);
    if (shown !== undefined) {
      rows.push(shown);
    }
  }
  return {
    offset,
    total,
    rows,
    evictedRows: list.evicted,
    recorded: store === undefined ? 0 : store.newest - store.oldest + 1,
    dropped: store?.dropped ?? 0,
    isConnected: recorder.isConnected,
    scanning,
    ...(keepAlive === undefined ? {} : { keepAlive }),
  };
}

function rowAt(store: PacketStore, sequence: number): PacketRow | PacketMark | undefined {
  const mark = store.markAt(sequence);
  if (mark !== undefined) {
    return { kind: 'mark', ...mark };
  }
  const stored = store.packet(sequence);
  return stored === undefined ? undefined : packetRow(stored);
}

/** The operations on recorded packets. */
export function createPacketsHandlers(recorder: PacketRecorder): OperationHandlers<typeof packetsOperations> {
  return {
    'packets.get': ({ sequence }) => {
      const { store } = recorder;
      const stored = store?.packet(sequence);
      if (store === undefined || stored === undefined) {
        throw fail(
          'packets.gone',
          'This packet is not kept any more.',
          'Packets make room for newer ones. Pause to keep what is on screen.',
        );
      }
      return {
        row: packetRow(stored),
        version: stored.version,
        // A copy: the frame is encoded from it, and the arena would change under it.
        bytes: stored.bytes.slice(),
        isPart: isPartOf(stored),
        exchange: exchangeOf(store, stored.opener),
      };
    },
    'packets.clear': () => recorder.clear(),
  };
}

function exchangeOf(store: PacketStore, opener: number): PacketRow[] {
  const rows: PacketRow[] = [];
  if (opener === 0) {
    return rows;
  }
  for (let sequence = Math.max(opener, store.oldest); sequence <= store.newest; sequence++) {
    const stored = store.openerOf(sequence) === opener ? store.packet(sequence) : undefined;
    if (stored !== undefined) {
      rows.push(packetRow(stored));
    }
    if (rows.length === MAX_EXCHANGE) {
      break;
    }
  }
  return rows;
}
