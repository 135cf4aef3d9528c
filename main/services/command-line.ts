import { parseArgs } from 'node:util';

/** What the user asked for on the command line; the same for the installed app and for `npm start --`. */
export interface CommandLine {
  readonly host: 'desktop' | 'server' | undefined;
  /** Address to listen on; server only. */
  readonly address: string | undefined;
  readonly port: number | undefined;
  readonly open: boolean;
  readonly dataDirectory: string | undefined;
  readonly demo: boolean;
  readonly url: string | undefined;
  readonly accessPasswordFile: string | undefined;
  readonly tlsCert: string | undefined;
  readonly tlsKey: string | undefined;
}

export type ParsedCommandLine =
  | { readonly kind: 'run'; readonly options: CommandLine }
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  /** One line for standard error; the process ends with code 2. */
  | { readonly kind: 'error'; readonly message: string };

export const HELP = `Usage: topicscope [options] [URL]

URL opens and connects a temporary profile:
  mqtt://, mqtts://, ws:// or wss://  [user:password@]host[:port][/path][?topic=FILTER]
Without URL and without --demo, the profiles marked “Connect at start” are connected.

Options
  --desktop                    open a window of its own
  --server                     serve the window to a browser
  --demo                       open the demo broker
  --data-dir DIR               keep profiles, secrets and settings in DIR
  --help, --version

Options of --server
  --port N                     listen on port N (default: a free one)
  --no-open                    do not open the browser
  --host ADDRESS               listen on ADDRESS (default: 127.0.0.1). Beyond this machine it needs the next three:
  --access-password-file FILE  ask for the password in FILE
  --tls-cert FILE              certificate (PEM, with its chain)
  --tls-key FILE               its key (PEM)
`;

const options = {
  desktop: { type: 'boolean' },
  server: { type: 'boolean' },
  host: { type: 'string' },
  port: { type: 'string' },
  'no-open': { type: 'boolean' },
  'data-dir': { type: 'string' },
  demo: { type: 'boolean' },
  'access-password-file': { type: 'string' },
  'tls-cert': { type: 'string' },
  'tls-key': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const;

/** Parses the arguments after the program's own name. Never throws. */
export function parseCommandLine(args: readonly string[]): ParsedCommandLine {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return { kind: 'error', message: firstSentence(text) };
  }
  const { values, positionals } = parsed;
  if (values.help === true) {
    return { kind: 'help' };
  }
  if (values.version === true) {
    return { kind: 'version' };
  }
  const problem = findProblem(values, positionals);
  if (problem !== undefined) {
    return { kind: 'error', message: problem };
  }
  return {
    kind: 'run',
    options: {
      host: values.desktop === true ? 'desktop' : values.server === true ? 'server' : undefined,
      address: values.host,
      port: values.port === undefined ? undefined : Number(values.port),
      open: values['no-open'] !== true,
      dataDirectory: values['data-dir'],
      demo: values.demo === true,
      url: positionals[0],
      accessPasswordFile: values['access-password-file'],
      tlsCert: values['tls-cert'],
      tlsKey: values['tls-key'],
    },
  };
}

function parse(args: readonly string[]) {
  return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
}

type Values = ReturnType<typeof parse>['values'];

function findProblem(values: Values, positionals: readonly string[]): string | undefined {
  if (values.desktop === true && values.server === true) {
    return '--desktop and --server exclude each other.';
  }
  if (positionals.length > 1) {
    return `One URL can be opened, not ${positionals.length}.`;
  }
  const { port } = values;
  if (port !== undefined && (!/^\d{1,5}$/.test(port) || Number(port) > 65535)) {
    return `--port needs a number from 0 to 65535, not “${port}”.`;
  }
  for (const name of ['host', 'data-dir', 'access-password-file', 'tls-cert', 'tls-key'] as const) {
    if (values[name] === '') {
      return `--${name} needs a value.`;
    }
  }
  const serverOnly = ['host', 'port', 'no-open', 'access-password-file', 'tls-cert', 'tls-key'] as const;
  const misplaced = serverOnly.find((name) => values[name] !== undefined);
  if (values.desktop === true && misplaced !== undefined) {
    return `--${misplaced} belongs to --server.`;
  }
  if ((values['tls-cert'] === undefined) !== (values['tls-key'] === undefined)) {
    return '--tls-cert and --tls-key belong together.';
  }
  return undefined;
}

/** Node explains at length how to pass values that begin with a dash; the first sentence says what is wrong. */
function firstSentence(text: string): string {
  return `${text.split(/\.\s|\n/, 1)[0]?.replace(/\.$/, '')}.`;
}
