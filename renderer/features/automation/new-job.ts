import type { Job, JobWork } from '#app/automation/job.ts';
import { emptyTemplate, type MessageTemplate } from '#app/publish/message-template.ts';

/** A job that repeats a message every second, under a name that none of the others has. */
export function newJob(others: readonly Job[], message: MessageTemplate = emptyTemplate): Job {
  const names = new Set(others.map(({ name }) => name));
  let number = others.length + 1;
  while (names.has(`Job ${number}`)) {
    number += 1;
  }
  return {
    id: crypto.randomUUID(),
    name: `Job ${number}`,
    what: { kind: 'repeat', message, interval: 1000, jitter: 0 },
  };
}

/** What a job does, in another way: its first message stays. */
export function ofKind(what: JobWork, kind: JobWork['kind']): JobWork {
  if (what.kind === kind) {
    return what;
  }
  const message = what.kind === 'sequence' ? (what.steps[0]?.message ?? emptyTemplate) : what.message;
  switch (kind) {
    case 'repeat':
      return { kind, message, interval: 1000, jitter: 0 };
    case 'sequence':
      return { kind, steps: [newStep(message)], rounds: 1, pause: 1000 };
    case 'rows':
      return { kind, format: 'csv', message, timing: { kind: 'interval', interval: 1000 } };
  }
}

/** A step that comes a second after the one before it. */
export function newStep(message: MessageTemplate = emptyTemplate) {
  return { id: crypto.randomUUID(), after: 1000, message };
}
