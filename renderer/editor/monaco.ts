import 'monaco-editor/features/register.all';
import 'monaco-editor/languages/definitions/javascript/register';
import 'monaco-editor/languages/definitions/xml/register';
import 'monaco-editor/languages/definitions/yaml/register';
import * as monaco from 'monaco-editor/editor';
import EditorWorker from 'monaco-editor/editor/editor.worker?worker';
import JsonWorker from 'monaco-editor/languages/features/json/json.worker?worker';
import TypeScriptWorker from 'monaco-editor/languages/features/typescript/ts.worker?worker';
import { judgeJson } from './json-diagnostics.ts';
import { judgeScripts } from './script-language.ts';
import { registerViewFolding } from './view-folding.ts';
import { registerViewLanguages, viewLanguages } from './view-languages.ts';

export { monaco };

// Files of our own origin, as the content security policy wants it; without this Monaco would start blob: workers.
globalThis.MonacoEnvironment = {
  getWorker(_moduleId, label) {
    switch (label) {
      case 'json':
        return new JsonWorker();
      case 'javascript':
      case 'typescript':
        return new TypeScriptWorker();
      default:
        return new EditorWorker();
    }
  },
};

judgeJson();
judgeScripts();
registerViewLanguages(monaco);
registerViewFolding(monaco, [viewLanguages.json, viewLanguages.xml]);
