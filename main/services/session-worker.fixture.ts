import { parentPort, workerData } from 'node:worker_threads';
import { decodeFrame, encodeFrame, FrameKind } from '#app/contract/frames.ts';
import type { FromSession, SessionInit, ToSession } from '../session/control.ts';

/**
 * A session worker that has no broker. It tells over its ports what it was given, and misbehaves when asked:
 * a host name or a message's number says how.
 */
const init = workerData as SessionInit;
const port = parentPort;
if (port === null) {
  throw new Error('not a worker');
}
const tell = (message: FromSession) => port.postMessage(message);
let subscriptions = init.subscriptions;
let rules = init.rules;
let schemas = init.schemas;
let guard = init.guard;
let settings: unknown;

port.on('message', (message: ToSession) => {
  switch (message.type) {
    case 'attach':
      message.port.on('message', (bytes: Uint8Array) => {
        const { kind, channel, target, body } = decodeFrame(bytes);
        if (kind === FrameKind.open) {
          const window = { rows: [] };
          message.port.postMessage(
            encodeFrame({ kind: FrameKind.window, channel, target, body: { revision: 1, window } }),
          );
        } else if (kind === FrameKind.request) {
          answer(message.port, channel, target, body as { operation: string; input: { sequence: number } });
        }
      });
      break;
    case 'rules':
      rules = message.rules;
      schemas = message.schemas;
      break;
    case 'guard':
      guard = message.guard;
      break;
    case 'connect':
      settings = { ...message.settings, keepsSignIn: message.keepsSignIn };
      if (message.settings.host === 'crash') {
        throw new Error('crash on connect');
      }
      tell({
        type: 'state',
        state: { kind: 'connecting', attempt: 1, since: 0, steps: [] },
        // A real one tells of the will once it is connected.
        ...(message.settings.will === undefined ? {} : { willArmed: message.settings.will.topic }),
      });
      tell({ type: 'done', call: message.call });
      break;
    case 'disconnect':
    case 'drop':
      if (JSON.stringify(settings ?? {}).includes('"host":"hang"')) {
        for (;;) {
          // Hangs, as a codec or a broker might make it.
        }
      }
      tell({ type: 'state', state: { kind: 'offline' } });
      tell({ type: 'done', call: message.call });
      break;
    case 'subscriptions':
      subscriptions = message.subscriptions;
      tell({ type: 'done', call: message.call });
      break;
    case 'shutdown':
      if (JSON.stringify(settings ?? {}).includes('"host":"stay"')) {
        return;
      }
      process.exit(0);
  }
});

function answer(
  client: { postMessage(frame: Uint8Array): void },
  channel: number,
  target: string,
  body: { operation: string; input: { sequence: number } },
): void {
  switch (body.input.sequence) {
    case 404:
      // Never answered.
      return;
    case 500:
      throw new Error('crash on request');
    case 507: {
      const hoard: string[][] = [];
      for (;;) {
        hoard.push(Array.from({ length: 100_000 }, (_, index) => `${index} ${Math.random()}`));
      }
    }
    default: {
      const value = { settings, subscriptions, rules, schemas, guard, logBudget: init.logBudget };
      client.postMessage(
        encodeFrame({ kind: FrameKind.response, channel, target, body: { ok: true, value } }),
      );
    }
  }
}

tell({ type: 'log', update: { type: 'open', control: new SharedArrayBuffer(16) } });
tell({ type: 'ready' });
