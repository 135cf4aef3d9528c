import type * as monaco from 'monaco-editor/editor';

/** JSON and XML as the viewer shows them: coloured and folded on the page, with no worker copying the whole text. */
export const viewLanguages = {
  json: 'topicscope-json',
  xml: 'topicscope-xml',
  // The editor's own: there is nothing to judge in it, and hardly ever much of it.
  yaml: 'yaml',
  javascript: 'javascript',
  plaintext: 'plaintext',
} as const;

/** Registers the languages of the viewer: tolerant grammars, for a text that need not be valid. */
export function registerViewLanguages({ languages }: Pick<typeof monaco, 'languages'>): void {
  languages.register({ id: viewLanguages.json });
  languages.setLanguageConfiguration(viewLanguages.json, {
    brackets: [
      ['{', '}'],
      ['[', ']'],
    ],
    wordPattern: /(-?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)|([^\s"'{}[\]:,]+)/g,
  });
  languages.setMonarchTokensProvider(viewLanguages.json, {
    tokenPostfix: '.view',
    tokenizer: {
      root: [
        // The whole string in one match; an unclosed one falls to the rules below it.
        [/"(?:[^"\\]|\\.)*"(?=\s*:)/, 'string.key'],
        [/"(?:[^"\\]|\\.)*"/, 'string'],
        [/"/, 'invalid'],
        [/-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/, 'number'],
        [/\b(?:true|false|null)\b/, 'keyword'],
        [/[{}[\]]/, '@brackets'],
        [/[:,]/, 'delimiter'],
        [/\s+/, ''],
      ],
    },
  });
  languages.register({ id: viewLanguages.xml });
  languages.setLanguageConfiguration(viewLanguages.xml, {
    comments: { blockComment: ['<!--', '-->'] },
    brackets: [['<', '>']],
  });
  languages.setMonarchTokensProvider(viewLanguages.xml, {
    tokenPostfix: '.view',
    tokenizer: {
      root: [
        [/[^<&]+/, ''],
        [/<!--/, 'comment', '@comment'],
        [/<!\[CDATA\[/, 'delimiter', '@cdata'],
        [/<[!?][^\s>?]*/, 'metatag', '@meta'],
        [/(<\/?)([^\s/>]+)/, ['delimiter', { token: 'tag', next: '@tag' }]],
        [/&[^\s;&<]+;/, 'string.escape'],
        [/[<&]/, ''],
      ],
      comment: [
        [/-->/, 'comment', '@pop'],
        [/[^-]+|-/, 'comment'],
      ],
      cdata: [
        [/\]\]>/, 'delimiter', '@pop'],
        [/[^\]]+|\]/, 'string'],
      ],
      meta: [
        [/\??>/, 'metatag', '@pop'],
        [/[^?>]+|\?/, 'metatag'],
      ],
      tag: [
        [/\/?>/, 'delimiter', '@pop'],
        [/"[^"]*"|'[^']*'/, 'attribute.value'],
        [/[^\s=/>"']+/, 'attribute.name'],
        [/\s+/, ''],
        [/[=/"']/, 'delimiter'],
      ],
    },
  });
}
