import variant from '@jitl/quickjs-singlefile-mjs-release-sync';
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSRuntime,
} from 'quickjs-emscripten-core';
import { z } from 'zod';
import type { PublishProperties } from '#app/profile/profile.ts';
import {
  MAX_SCRIPT_PAYLOAD,
  type ScriptDelivery,
  type ScriptFault,
  type ScriptRequest,
  scriptRequestSchema,
  type WrittenProperties,
} from '#app/script/script-messages.ts';
import { prelude, SCRIPT_FILE } from './prelude.ts';

/** Neither Node's types nor ES2024's say it; the browser's are kept out of the engine. */
declare const WebAssembly: {
  readonly Memory: new (pages: { readonly initial: number; readonly maximum: number }) => object;
};

export interface SandboxLimits {
  /** Bytes of all that a script holds, with the engine that runs it: 16 MiB at least. */
  readonly memory: number;
  /** Milliseconds that one turn may take: the first run, a handler, a timer, with all promises that it settles. */
  readonly turn: number;
}

export const defaultLimits: SandboxLimits = { memory: 64 * 1024 * 1024, turn: 1000 };

/** Bytes of a page of WebAssembly memory, and the pages that the engine was compiled to begin with. */
const PAGE = 65_536;
const INITIAL_PAGES = 256;
const STACK = 256 * 1024;
/** Settled promises between two looks at the clock. */
const JOBS_AT_ONCE = 64;

/** The line comes from a stack trace, which is the script's to write. */
const describedSchema = z.object({ text: z.string(), line: z.int().min(1).optional().catch(undefined) });

/** Something that happened and that handlers of the script may want. */
export type SandboxEvent =
  | { readonly kind: 'message'; readonly message: ScriptDelivery }
  | { readonly kind: 'connected' | 'disconnected' }
  | { readonly kind: 'command'; readonly name: string; readonly argument: string }
  | { readonly kind: 'timer'; readonly timer: number }
  | { readonly kind: 'settle'; readonly call: number; readonly outcome?: object; readonly problem?: string };

/**
 * One script in QuickJS, which is compiled to WebAssembly: it has no file, network, process or host object to reach
 * for. Text is all that passes in and out. After a fault it is over and does nothing any more.
 */
export class Sandbox {
  readonly #runtime: QuickJSRuntime;
  readonly #context: QuickJSContext;
  readonly #limits: SandboxLimits;
  readonly #enter: QuickJSHandle;
  readonly #describe: QuickJSHandle;
  #deadline = 0;
  #isLate = false;
  /** What becomes of the script's text, until that is known. */
  #main: QuickJSHandle | undefined;
  #fault: ScriptFault | undefined;

  private constructor(
    runtime: QuickJSRuntime,
    limits: SandboxLimits,
    /** Throws to refuse; the script gets the error's message. */
    onRequest: (request: ScriptRequest) => void,
  ) {
    this.#runtime = runtime;
    this.#limits = limits;
    runtime.setMaxStackSize(STACK);
    runtime.setInterruptHandler(() => {
      this.#isLate ||= performance.now() > this.#deadline;
      return this.#isLate;
    });
    this.#context = runtime.newContext();
    this.#deadline = performance.now() + limits.turn;
    const context = this.#context;
    const host = context.newFunction('host', (json, buffer) => {
      onRequest(readRequest(context.getString(json), copiedBytes(context, buffer)));
    });
    const install = context.unwrapResult(context.evalCode(prelude, 'topicscope.js', { strict: true }));
    const doors = context.unwrapResult(context.callFunction(install, context.undefined, host));
    this.#enter = context.getProp(doors, 'enter');
    this.#describe = context.getProp(doors, 'describe');
    for (const handle of [host, install, doors]) {
      handle.dispose();
    }
  }

  /** A sandbox with a WebAssembly memory of its own. */
  static async create(
    onRequest: (request: ScriptRequest) => void,
    limits: SandboxLimits = defaultLimits,
  ): Promise<Sandbox> {
    // The engine's own limit counts almost nothing in this build (it can't ask how large a block is): what holds is
    // that the memory does not grow.
    const wasmMemory = new WebAssembly.Memory({
      initial: INITIAL_PAGES,
      maximum: Math.max(INITIAL_PAGES, Math.ceil(limits.memory / PAGE)),
    });
    const module = await newQuickJSWASMModuleFromVariant(newVariant(variant, { wasmMemory }));
    return new Sandbox(module.newRuntime(), limits, onRequest);
  }

  /** Runs the script's text; answers what ended it. */
  run(source: string): ScriptFault | undefined {
    // As the body of a function that may await; begun on the first line, so that lines keep their numbers.
    const body = `(async () => {${source}\n})()`;
    return this.#turn(() => {
      const result = this.#context.evalCode(body, SCRIPT_FILE, { type: 'global', strict: true });
      this.#main = result.error === undefined ? result.value.dup() : undefined;
      return result;
    }, true);
  }

  /** Answers what ended the script; errors of a handler do not, they are asked to be shown as a line. */
  handle(event: SandboxEvent): ScriptFault | undefined {
    const context = this.#context;
    return this.#turn(() => {
      const { kind, value, bytes } = partsOf(event);
      const handles = [
        context.newString(kind),
        context.newString(JSON.stringify(value)),
        // The buffer becomes the script's: a copy, not a view on anything of ours.
        context.newArrayBuffer(Uint8Array.from(bytes).buffer),
      ];
      try {
        return context.callFunction(this.#enter, context.undefined, handles);
      } finally {
        for (const handle of handles) {
          handle.dispose();
        }
      }
    }, false);
  }

  /** One stay in the script, held to its time; `endsOnError`: an error that it throws is a fault. */
  #turn(
    work: () => { readonly value?: QuickJSHandle | undefined; readonly error?: QuickJSHandle | undefined },
    endsOnError: boolean,
  ): ScriptFault | undefined {
    if (this.#fault !== undefined) {
      return this.#fault;
    }
    this.#deadline = performance.now() + this.#limits.turn;
    try {
      const result = work();
      result.value?.dispose();
      const thrown = result.error ?? this.#settlePromises();
      const rejected = thrown === undefined ? this.#rejection() : undefined;
      const error = thrown ?? rejected;
      if (error !== undefined) {
        const described = this.#isLate ? undefined : this.#described(error);
        error.dispose();
        if (this.#isLate || endsOnError || rejected !== undefined || described?.code === 'script.memory') {
          this.#fault = this.#isLate ? this.#timeFault() : described;
        }
      } else if (this.#isLate) {
        this.#fault = this.#timeFault();
      }
    } catch (error) {
      // An abort of the WebAssembly code: nothing in it can be relied on any more.
      this.#fault = this.#isLate ? this.#timeFault() : memoryFault(String(error));
    }
    return this.#fault;
  }

  /** Why the script's text itself came to no end, once it did not. */
  #rejection(): QuickJSHandle | undefined {
    const main = this.#main;
    if (main === undefined) {
      return undefined;
    }
    const state = this.#context.getPromiseState(main);
    if (state.type === 'pending') {
      return undefined;
    }
    this.#main = undefined;
    main.dispose();
    if (state.type === 'rejected') {
      return state.error;
    }
    state.value.dispose();
    return undefined;
  }

  #settlePromises(): QuickJSHandle | undefined {
    while (this.#runtime.hasPendingJob()) {
      if (performance.now() > this.#deadline) {
        this.#isLate = true;
        return undefined;
      }
      const done = this.#runtime.executePendingJobs(JOBS_AT_ONCE);
      if (done.error !== undefined) {
        return done.error;
      }
    }
    return undefined;
  }

  #described(error: QuickJSHandle): ScriptFault {
    const result = this.#context.callFunction(this.#describe, this.#context.undefined, error);
    if (result.error !== undefined) {
      result.error.dispose();
      return this.#isLate ? this.#timeFault() : memoryFault('The error can not be read.');
    }
    const { text, line } = describedSchema.parse(JSON.parse(this.#context.getString(result.value)));
    result.value.dispose();
    if (text === 'InternalError: out of memory' || text === 'null') {
      return memoryFault(text, line);
    }
    return { code: 'script.error', message: text.slice(0, 10_000), ...(line === undefined ? {} : { line }) };
  }

  #timeFault(): ScriptFault {
    return {
      code: 'script.time',
      message: `The script was stopped: it did not come to an end within ${this.#limits.turn} ms.`,
    };
  }
}

function memoryFault(detail: string, line?: number): ScriptFault {
  return {
    code: 'script.memory',
    message: `The script was stopped: it needs more memory than it may have (${detail}).`,
    ...(line === undefined ? {} : { line }),
  };
}

/** A copy of what an ArrayBuffer of the script holds; `undefined` for `undefined`. */
function copiedBytes(context: QuickJSContext, buffer: QuickJSHandle | undefined): Uint8Array | undefined {
  if (buffer === undefined || context.typeof(buffer) === 'undefined') {
    return undefined;
  }
  const view = context.getArrayBuffer(buffer);
  const bytes = Uint8Array.from(view.value);
  view.dispose();
  return bytes;
}

/** `bytes`: the payload of a message, where it is no text. Throws with words for the script. */
function readRequest(json: string, bytes: Uint8Array | undefined): ScriptRequest {
  const read = scriptRequestSchema.safeParse(JSON.parse(json));
  if (!read.success) {
    const [issue] = read.error.issues;
    throw new TypeError(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not understood'}`);
  }
  if (read.data.kind !== 'publish') {
    return read.data;
  }
  const { kind, call, message } = read.data;
  const { text, properties, ...rest } = message;
  const payload = bytes ?? new TextEncoder().encode(text);
  if (payload.length > MAX_SCRIPT_PAYLOAD) {
    throw new RangeError(`A payload can have ${MAX_SCRIPT_PAYLOAD} bytes; this one has ${payload.length}`);
  }
  return { kind, call, message: { ...rest, payload, properties: readProperties(properties) } };
}

/** Correlation data comes as text or in hex: bytes have no place in JSON. */
function readProperties({
  correlationText,
  correlationHex,
  userProperties,
  ...rest
}: WrittenProperties): PublishProperties {
  const correlationData =
    correlationHex === undefined
      ? correlationText === undefined
        ? undefined
        : new TextEncoder().encode(correlationText)
      : Uint8Array.from(Buffer.from(correlationHex, 'hex'));
  const written = {
    ...rest,
    correlationData,
    userProperties: userProperties?.map(([key, value]) => ({ key, value })),
  };
  return Object.fromEntries(Object.entries(written).filter(([, value]) => value !== undefined));
}

/** As the script sees them. */
function shownProperties({ correlationData, userProperties, ...rest }: PublishProperties): object {
  return {
    ...rest,
    ...(correlationData === undefined
      ? {}
      : { correlationHex: Buffer.from(correlationData).toString('hex') }),
    ...(userProperties === undefined
      ? {}
      : { userProperties: userProperties.map(({ key, value }) => [key, value]) }),
  };
}

function partsOf(event: SandboxEvent): {
  readonly kind: string;
  readonly value: object;
  readonly bytes: Uint8Array;
} {
  const { kind, ...value } = event;
  if (event.kind !== 'message') {
    return { kind, value, bytes: new Uint8Array() };
  }
  const { payload, text, properties = {}, ...rest } = event.message;
  const shown = {
    ...rest,
    text: text ?? new TextDecoder().decode(payload),
    properties: shownProperties(properties),
  };
  return { kind, value: shown, bytes: payload };
}
