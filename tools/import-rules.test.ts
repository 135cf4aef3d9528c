import { describe, expect, it } from 'vitest';
import { importProblem, importsOf } from './import-rules.ts';

describe('importsOf', () => {
  it('takes no words in a text for an import', () => {
    expect(importsOf("page.getByLabel('Files to import').fill('x'); say('an import', 'y')")).toEqual([]);
  });

  it('finds every form of import', () => {
    // Written in parts, so that the check itself does not take them for imports of this file.
    const source = [
      " './a.css';",
      " x from 'x';",
      " { type A, b } from '../b.ts';",
      " type { C } from '#app/c.ts';",
      " {\n  f,\n  g,\n} from 'node:fs';",
    ]
      .map((rest) => `${'im'}port${rest}`)
      .concat(`${'ex'}port { d } from './d.ts';`, `const e = await ${'im'}port('./e.ts');`)
      .join('\n');
    expect(importsOf(source)).toEqual([
      './a.css',
      'x',
      '../b.ts',
      '#app/c.ts',
      'node:fs',
      './d.ts',
      './e.ts',
    ]);
  });
});

describe('importProblem', () => {
  it.each([
    ['app/mqtt/topic.ts', 'main/session/worker.ts', false],
    ['app/base/event.ts', 'node:events', true],
    ['main/session/session.ts', 'mqtt', true],
    ['main/session/session.ts', 'node:fs', true],
    ['main/session/session.ts', 'main/services/vault.ts', false],
    ['main/server/host.ts', 'main/desktop/window.ts', false],
    ['main/desktop/window.ts', 'main/server/host.ts', false],
    ['main/services/engine.ts', 'electron', true],
    ['renderer/app.tsx', 'main/services/engine.ts', false],
    ['main/services/engine.ts', 'renderer/app.tsx', false],
    ['renderer/features/topics/topics-pane.tsx', 'renderer/features/publish/publish-pane.tsx', false],
    ['renderer/features/publish/publish-pane.tsx', 'monaco-editor', true],
    ['renderer/ui/age.tsx', 'renderer/state/workspace.ts', false],
    ['somewhere/else.ts', 'app/base/event.ts', false],
  ])('refuses %s → %s', (file, target, isPackage) => {
    expect(importProblem(file, target, isPackage)).toBeTypeOf('string');
  });

  it.each([
    ['main/session/connector/dial.ts', 'mqtt', true],
    ['main/session/session.ts', 'app/mqtt/topic.ts', false],
    ['main/readers/worker.ts', 'main/session/log/log-reader.ts', false],
    ['renderer/editor/monaco.ts', 'monaco-editor/esm/vs/editor/editor.api', true],
    ['renderer/features/topics/topics-pane.tsx', 'renderer/features/topics/row.tsx', false],
    ['main/session/connector/dial.test.ts', 'e2e/support/mosquitto.ts', false],
  ])('allows %s → %s', (file, target, isPackage) => {
    expect(importProblem(file, target, isPackage)).toBeUndefined();
  });
});
