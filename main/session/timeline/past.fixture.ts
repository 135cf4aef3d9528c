import { MessageLog } from '../log/message-log.ts';
import { packFlags, RowKind } from '../log/shared-log.ts';
import { TopicTree } from '../tree/topic-tree.ts';

/** What came to a {@link PastHarness}, by its sequence number. */
interface Entered {
  readonly kind: RowKind;
  readonly topic: string;
  readonly at: number;
  readonly retained: boolean;
}

/** A log and a live tree, entered as ingest does, and beside them everything that ever came. */
export class PastHarness {
  readonly tree = new TopicTree();
  readonly log: MessageLog;
  /** Element `sequence - 1`. */
  readonly entered: Entered[] = [];
  now = 1_700_000_000_000;

  constructor(budget = 600_000) {
    this.log = new MessageLog({ budget, newestReceived: (topicId) => this.tree.lastSequence(topicId) });
  }

  /** A received message; returns its sequence number. */
  receive(topic: string, bytes = 10, retained = false, after = 1): number {
    this.now += after;
    const topicId = this.tree.intern(topic);
    const flags = packFlags(RowKind.received, 0, retained, false);
    const payload = Buffer.from(`${this.entered.length + 1} `.padEnd(bytes));
    const replaces = this.tree.lastSequence(topicId);
    const sequence = this.log.appendReceived(topicId, payload, this.now, flags, replaces, undefined);
    this.tree.record(topicId, this.now, payload.length, retained, sequence);
    this.entered.push({ kind: RowKind.received, topic, at: this.now, retained });
    return sequence;
  }

  publish(topic: string, after = 1): void {
    this.now += after;
    this.log.appendPublished(this.tree.intern(topic), Buffer.from('out'), this.now, 0, false, undefined);
    this.entered.push({ kind: RowKind.published, topic, at: this.now, retained: false });
  }

  gap(text: string, after = 1): void {
    this.now += after;
    this.log.appendGap(this.now, text);
    this.entered.push({ kind: RowKind.gap, topic: '', at: this.now, retained: false });
  }

  /** A tree into which was entered what had come up to a message; the numbers of its nodes are those of the live one. */
  modelAt(sequence: number): TopicTree {
    const model = new TopicTree();
    this.entered.forEach(({ kind, topic, at, retained }, index) => {
      if (kind !== RowKind.gap) {
        const topicId = model.intern(topic);
        if (kind === RowKind.received && index < sequence) {
          model.record(topicId, at, 0, retained, index + 1);
        }
      }
    });
    return model;
  }
}
