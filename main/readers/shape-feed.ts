import type { ParsedParamsOf } from '#app/contract/define.ts';
import type { readerFeeds, ShapeField, ShapeWindow } from '#app/contract/feeds/readers.ts';
import { numberOfField } from '#app/payload/number-text.ts';
import { type FieldShape, TopicShape } from '#app/payload/topic-shape.ts';
import type { LogReader } from '../session/log/log-reader.ts';
import { fieldsOf, numberOfPayload, readMessage } from './field-reader.ts';
import { fieldText } from './field-text.ts';
import type { SessionLogs } from './session-logs.ts';
import type { TickedSource } from './ticked-feed.ts';
import { TopicScan } from './topic-scan.ts';

type ShapeParams = ParsedParamsOf<typeof readerFeeds.shape>;

/** Fields that cross to the screen. */
const MAX_FIELDS = 500;
/** What the payloads of a topic look like, learned from all that are kept and going on as they come. */
export class ShapeFeed implements TickedSource<ShapeParams, ShapeWindow> {
  readonly #logs: SessionLogs;
  #params: ShapeParams;
  #scan: TopicScan;
  #shape = new TopicShape();
  #without = 0;
  #isNumber = false;
  #sent = '';

  constructor(logs: SessionLogs, params: ShapeParams) {
    this.#logs = logs;
    this.#params = params;
    this.#scan = new TopicScan(logs, params.sessionId, params.topicId);
  }

  update(params: ShapeParams): void {
    const { sessionId, topicId, codec } = this.#params;
    this.#params = params;
    if (sessionId !== params.sessionId || topicId !== params.topicId || codec !== params.codec) {
      this.#restart();
    }
  }

  #restart(): void {
    this.#scan = new TopicScan(this.#logs, this.#params.sessionId, this.#params.topicId);
    this.#shape = new TopicShape();
    this.#without = 0;
    this.#sent = '';
  }

  advance(deadline: number): boolean {
    if (this.#params.codec === 'auto' && this.#scan.isOutruled) {
      this.#restart();
    }
    return this.#scan.advance(deadline, (sequence, reader) => this.#visit(sequence, reader));
  }

  build(moved: boolean): ShapeWindow | undefined {
    const shape = this.#shape;
    const version = `${shape.payloads} ${this.#without} ${this.#scan.progress}`;
    if (version === this.#sent && !moved) {
      return undefined;
    }
    this.#sent = version;
    const fields: ShapeField[] = [];
    for (const field of shape.fields) {
      if (fields.length === MAX_FIELDS) {
        break;
      }
      fields.push(this.#row(field));
    }
    return {
      fields,
      messages: shape.payloads + this.#without,
      without: this.#without,
      isCut: shape.isCut || fields.length === MAX_FIELDS,
      isNumber: this.#isNumber,
      progress: this.#scan.progress,
    };
  }

  dispose(): void {
    this.#shape = new TopicShape();
  }

  #visit(sequence: number, reader: LogReader): void {
    const message = readMessage(reader, sequence, this.#params.topicId);
    if (message === undefined) {
      return;
    }
    this.#isNumber = numberOfPayload(message.payload) !== undefined;
    const fields = fieldsOf(message, this.#params.codec);
    if (fields === undefined) {
      this.#without += 1;
      return;
    }
    this.#shape.add(fields, sequence);
  }

  #row(field: FieldShape): ShapeField {
    const { path, value, types, present, min, max, flip } = field;
    return {
      path,
      value: fieldText({ value }),
      types: [...types].map(([type, count]) => ({ type, count })),
      present,
      ...(min === undefined ? {} : { min }),
      ...(max === undefined ? {} : { max }),
      ...(flip === undefined ? {} : { flip: { sequence: flip.mark, from: flip.from, to: flip.to } }),
      isNew: this.#shape.isNew(field),
      isMissing: this.#shape.isMissing(field),
      isNumeric: numberOfField(value) !== undefined,
    };
  }
}
