import type { Worker } from 'node:worker_threads';
import { type Disposable, toDisposable } from '#app/base/disposable.ts';
import type { FromReaders } from './control.ts';

/** Milliseconds that a codec may work: several times what it is told to keep to, so that only a broken one is ended. */
const MAX_DECODE_TIME = 10_000;

/**
 * Watches a readers worker from outside: a codec that never ends keeps the worker from saying anything.
 * `onStuck` is called once, with what the codec was; the caller terminates the worker and starts another.
 */
export function watchReaders(
  worker: Pick<Worker, 'on' | 'off'>,
  onStuck: (codec: string) => void,
  maxDecodeTime = MAX_DECODE_TIME,
): Disposable {
  let timer: NodeJS.Timeout | undefined;
  const onMessage = (message: FromReaders) => {
    if (message.type === 'topics') {
      return;
    }
    clearTimeout(timer);
    if (message.type === 'decoding') {
      timer = setTimeout(() => onStuck(message.codec), maxDecodeTime);
      timer.unref();
    }
  };
  const end = () => {
    clearTimeout(timer);
    worker.off('message', onMessage);
  };
  worker.on('message', onMessage);
  worker.on('exit', end);
  return toDisposable(end);
}
