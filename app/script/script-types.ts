/** What a script can use, as TypeScript declares it: for completion and hints in the editor. */
export const scriptTypes = `
/** Properties of MQTT 5.0; older versions have none. */
interface Properties {
  readonly contentType?: string;
  /** Payload Format Indicator: true says that the payload is UTF-8 text. */
  readonly payloadIsUtf8?: boolean;
  /** Seconds. */
  readonly messageExpiryInterval?: number;
  readonly responseTopic?: string;
  readonly correlationData?: Uint8Array;
  /** Names and values, in their order; a name may come more than once. */
  readonly userProperties?: readonly (readonly [string, string])[];
}

/** A received message. */
interface Message {
  readonly topic: string;
  readonly bytes: Uint8Array;
  /** The payload as the rule for its topic reads it, else as UTF-8. */
  readonly text: string;
  /** The text read as JSON. Throws where it is none. */
  readonly json: any;
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
  readonly properties: Properties;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** How a publish ended. */
interface PublishOutcome {
  /** 'sent' at QoS 0. */
  readonly kind: 'sent' | 'acknowledged';
  readonly sentAt: number;
  readonly acknowledgedAt?: number;
  /** MQTT 5.0; 0 for older versions. */
  readonly reasonCode?: number;
  readonly reasonName?: string;
}

interface Expectation {
  toBe(value: unknown): void;
  toEqual(value: unknown): void;
  toBeGreaterThan(value: number): void;
  toBeLessThan(value: number): void;
  toBeBetween(low: number, high: number): void;
  toContain(value: unknown): void;
  toMatch(pattern: RegExp | string): void;
  toBeTruthy(): void;
  toBeDefined(): void;
}

/** Runs for each message on the topics of a filter. What the connection is not subscribed to has to be subscribed to. */
declare function onMessage(filter: string, handler: (message: Message) => unknown): void;
/**
 * The next message on a topic of the filter. Fails when none came within so many seconds (5).
 * Begin to wait before what brings it about: const answer = nextMessage('a'); await publish('b'); await answer;
 */
declare function nextMessage(filter: string, seconds?: number): Promise<Message>;
/** Runs with each connect, and at once where there is a connection. */
declare function onConnect(handler: () => unknown): void;
/** Runs when the connection is lost or ended. What is published then fails. */
declare function onDisconnect(handler: () => unknown): void;
/** Adds a button of this name to the pane; the handler is given the text of the field “Argument” beside it. */
declare function onCommand(name: string, handler: (argument: string) => unknown): void;
/** Runs again and again, so many milliseconds apart. */
declare function every(milliseconds: number, handler: () => unknown): number;
/** Runs once, after so many milliseconds. */
declare function after(milliseconds: number, handler: () => unknown): number;
declare function clearTimer(timer: number): void;
declare function sleep(milliseconds: number): Promise<void>;
/** Resolves when the message is sent (QoS 0) or acknowledged. Objects are sent as JSON. */
declare function publish(
  topic: string,
  payload?: string | number | boolean | object | Uint8Array | ArrayBuffer,
  options?: {
    qos?: 0 | 1 | 2;
    retain?: boolean;
    contentType?: string;
    payloadIsUtf8?: boolean;
    /** Seconds. */
    messageExpiryInterval?: number;
    responseTopic?: string;
    correlationData?: string | Uint8Array | ArrayBuffer;
    userProperties?: Record<string, string> | readonly (readonly [string, string])[];
  },
): Promise<PublishOutcome>;
/**
 * For as long as the script runs. Fails where the broker refuses it. A filter that the connection has already is not
 * asked for again: it keeps its QoS, and its retained messages do not come once more.
 */
declare function subscribe(filter: string, options?: { qos?: 0 | 1 | 2 }): Promise<void>;
/** Gives back what this script subscribed to. */
declare function unsubscribe(filter: string): Promise<void>;
declare function log(...values: unknown[]): void;
declare const console: {
  log(...values: unknown[]): void;
  info(...values: unknown[]): void;
  warn(...values: unknown[]): void;
  error(...values: unknown[]): void;
};
/** What handlers remember between them. */
declare const state: Record<string, any>;
/** A line of the report: passed, unless the work throws. */
declare function check(name: string, work: () => unknown): Promise<void>;
declare function expect(value: unknown): Expectation & { readonly not: Expectation };
`;

/** What a new script begins with: a device test, a watcher and a simulator to choose from. */
export const scriptExamples: readonly { readonly name: string; readonly source: string }[] = [
  {
    name: 'Watcher',
    source: `// Warns when a value is out of its range.
await subscribe('line/+/temp');

onMessage('line/+/temp', (message) => {
  const value = Number(message.text);
  if (value > 80) {
    console.warn(message.topic, 'is too hot:', value);
  }
});
`,
  },
  {
    name: 'Device test',
    source: `// Checks what a pump says of itself, then switches it on.
const status = nextMessage('line/1/pump/status', 3);
await subscribe('line/1/pump/#');

await check('it keeps its status', async () => {
  const message = await status;
  expect(message.retain).toBe(true);
  expect(message.text).toBe('online');
});

await check('it answers a command', async () => {
  const answer = nextMessage('line/1/pump/state', 5);
  await publish('line/1/pump/set', { on: true }, { qos: 1 });
  expect((await answer).json.on).toBe(true);
});

log('done');
`,
  },
  {
    name: 'Simulator',
    source: `// Plays a device: a value each second, and a button that breaks it.
state.value = 20;

every(1000, () => {
  state.value += Math.random() - 0.5;
  publish('sim/temp', state.value.toFixed(2));
});

onCommand('Overheat', () => {
  state.value = 95;
  log('overheated');
});
`,
  },
];
