import { formatCount } from '#app/base/format.ts';
import { fail } from '#app/contract/failure.ts';
import type { ConnackSummary } from '#app/contract/session-state.ts';
import { fixedPayload } from '#app/load/fixed-payload.ts';
import type { LoadTest } from '#app/load/load-test.ts';
import { utf8Length } from '#app/mqtt/topic.ts';
import type { ComposedMessage } from '#app/publish/compose.ts';
import type { MessageSeries } from '#app/publish/message-series.ts';
import type { MessageTemplate } from '#app/publish/message-template.ts';
import { propertiesSize } from '../connector/connect-options.ts';
import type { Outbox } from '../outbox.ts';

/** Of a PUBLISH beside topic, payload and properties: its header, the topic's length and the packet identifier. */
const HEADER = 9;

/** The messages of a load test, one after the other: of each topic in turn, composed or with the one payload of a fixed size. */
export class LoadMessages {
  readonly #outbox: Outbox;
  readonly #series: MessageSeries;
  readonly #template: MessageTemplate;
  readonly #payload: Uint8Array<ArrayBuffer> | undefined;
  /** How many topics the topic stood for at the beginning. */
  readonly topics: number;
  #batch: readonly ComposedMessage[];
  #place = 0;

  /** Composes the first messages. Throws as `Outbox.compose` does. */
  constructor({ message, payloadSize }: LoadTest, outbox: Outbox) {
    this.#outbox = outbox;
    this.#series = outbox.newSeries();
    // The text need not be right in its format where it is not sent.
    this.#template = payloadSize === undefined ? message : { ...message, text: '' };
    this.#payload = payloadSize === undefined ? undefined : fixedPayload(payloadSize);
    this.#batch = this.#compose();
    this.topics = this.#batch.length;
  }

  /** Throws `load.tooLarge` when the broker would close the connection for one of the first messages. */
  checkSize({ maximumPacketSize }: ConnackSummary): void {
    const largest = Math.max(
      ...this.#batch.map(
        ({ topic, payload, properties }) =>
          utf8Length(topic) + payload.length + propertiesSize(properties) + HEADER,
      ),
    );
    if (maximumPacketSize !== undefined && largest > maximumPacketSize) {
      throw fail(
        'load.tooLarge',
        `A message takes about ${formatCount(largest)} bytes with its topic; this broker takes packets of up to ${formatCount(maximumPacketSize)}.`,
        'Choose a smaller payload; nothing was sent.',
      );
    }
  }

  next(): ComposedMessage {
    let message = this.#batch[this.#place];
    if (message === undefined) {
      this.#batch = this.#compose();
      this.#place = 0;
      message = this.#batch[0];
    }
    if (message === undefined) {
      throw fail('publish.topic', 'The topic stands for no topic.', 'Correct the topic.');
    }
    this.#place += 1;
    return message;
  }

  #compose(): readonly ComposedMessage[] {
    const composed = this.#outbox.compose(this.#template, this.#series);
    const payload = this.#payload;
    return payload === undefined ? composed : composed.map((message) => ({ ...message, payload }));
  }
}
