import { toFailure } from '#app/contract/failure.ts';

/** The first signal ends in order: sessions are disconnected, files flushed. A second one ends at once. */
export function endOnSignals(close: () => Promise<void>): void {
  let isEnding = false;
  const end = () => {
    if (isEnding) {
      process.exit(1);
    }
    isEnding = true;
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        report(error);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
  process.on('SIGHUP', end);
}

/** One line on standard error. */
export function report(error: unknown): void {
  const { message, hint, detail } = toFailure(error);
  process.stderr.write(`topicscope: ${[message, hint, detail].filter(Boolean).join(' ')}\n`);
}
