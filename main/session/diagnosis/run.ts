import { assertNever } from '#app/base/assert.ts';
import { probeCapabilities } from './capabilities.ts';
import type { DiagnosisContext, DiagnosisOutcome, DiagnosisTask } from './control.ts';
import { checkExposure } from './exposure.ts';
import { ThrowAway } from './throw-away.ts';

/** Does one task. Rejects with `diagnosis.cancelled` when the signal is aborted; every connection is closed by then. */
export function runDiagnosis(task: DiagnosisTask, context: DiagnosisContext): Promise<DiagnosisOutcome> {
  switch (task.kind) {
    case 'test':
      return testConnection(task, context);
    case 'capabilities':
      return probeCapabilities(task, context);
    case 'exposure':
      return checkExposure(task, context);
    default:
      return assertNever(task);
  }
}

async function testConnection(
  { settings }: Extract<DiagnosisTask, { readonly kind: 'test' }>,
  { onProgress, signal }: DiagnosisContext,
): Promise<DiagnosisOutcome> {
  const connection = new ThrowAway(settings, signal);
  try {
    const attempted = await connection.connect((steps) => onProgress(steps, 'Connecting'));
    return { kind: 'test', attempted };
  } finally {
    await connection.close();
  }
}
