import { javascriptDefaults, ScriptTarget } from 'monaco-editor/languages/features/typescript/register';
import { scriptTypes } from '#app/script/script-types.ts';

/** `await` outside of a function, which a script may use. */
const TOP_LEVEL_AWAIT = [1375, 1378, 1308];
/** A script is no module, so names of one script are no names of another one; the types say it twice. */
const REDECLARED = [2451, 2393];

/** Has JavaScript completed and judged as a script finds it: the language and its API, no browser, no Node. */
export function judgeScripts(): void {
  javascriptDefaults.setCompilerOptions({
    target: ScriptTarget.ESNext,
    lib: ['esnext'],
    allowNonTsExtensions: true,
    checkJs: true,
    strict: false,
    noEmit: true,
  });
  javascriptDefaults.setDiagnosticsOptions({
    noSemanticValidation: false,
    noSyntaxValidation: false,
    noSuggestionDiagnostics: true,
    diagnosticCodesToIgnore: [...TOP_LEVEL_AWAIT, ...REDECLARED],
  });
  javascriptDefaults.setExtraLibs([{ content: scriptTypes, filePath: 'ts:topicscope-script.d.ts' }]);
}
