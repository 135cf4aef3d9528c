import { formatBytes, formatCount } from '#app/base/format.ts';
import { FailureError, fail } from '#app/contract/failure.ts';
import {
  type ImportedFile,
  type ImportKind,
  type ImportSource,
  MAX_IMPORT_TOTAL,
} from '#app/contract/operations/transfer.ts';
import type { Environment } from '#app/profile/variables.ts';
import { Attachments } from './attachments.ts';
import { type Content, isConnectionsFile, readContent, readEntries, readOuter } from './connections-file.ts';
import type { DraftFile, ReadProfile } from './profile-draft.ts';
import { hasMosquittoCommand, readCommandLines } from './read-command-line.ts';
import { mqttExplorerConnections, readMqttExplorer } from './read-mqtt-explorer.ts';
import { mqttSpyConnections, readMqttSpy } from './read-mqtt-spy.ts';
import { mqttFxProfiles, readMqttFx } from './read-mqttfx.ts';
import { mqttxConnections, readMqttx } from './read-mqttx.ts';
import { type Sealed, unseal } from './seal.ts';
import type { Json } from './values.ts';
import { readXml, type XmlElement, XmlProblem } from './xml-tree.ts';

/** Profiles that are read from all sources together. */
const MAX_ITEMS = 2000;

/** One readable profile with its place. */
export interface SourceItem {
  /** `0.3`: the fourth of the first file. */
  readonly itemId: string;
  readonly file: number;
  readonly read: ReadProfile;
}

export interface Sources {
  readonly files: readonly ImportedFile[];
  readonly items: readonly SourceItem[];
  readonly environments: readonly Environment[];
}

/** What a file turned out to be, before it is read. */
interface Recognised {
  readonly kind: ImportKind;
  readonly seal?: ImportedFile['seal'];
  readonly problem?: string;
  readonly read?: (attachments: Attachments) => readonly ReadProfile[];
  readonly environments?: readonly Environment[];
}

/** Reads all sources. A file that can't be read is reported, and does not keep the others from being read. */
export async function readSources({ files, commandLine, passphrase }: ImportSource): Promise<Sources> {
  const total = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
  if (total > MAX_IMPORT_TOTAL) {
    throw fail(
      'transfer.size',
      `The files take ${formatBytes(total)} together; ${formatBytes(MAX_IMPORT_TOTAL)} can be read at once.`,
      'Import them one after another.',
    );
  }
  const recognised: { readonly name: string; readonly what: Recognised }[] = [];
  const loose: DraftFile[] = [];
  for (const { name, bytes } of files) {
    const what = await recognise(bytes, passphrase);
    recognised.push({ name, what });
    if (what.kind === 'certificate') {
      loose.push({ fileName: name, bytes });
    }
  }
  if (commandLine !== undefined && commandLine.trim() !== '') {
    recognised.push({ name: 'Command line', what: recogniseCommandLine(commandLine) });
  }
  const attachments = new Attachments(loose);
  const items: SourceItem[] = [];
  const counts: number[] = [];
  let tooMany = false;
  for (const [file, { what }] of recognised.entries()) {
    const room = MAX_ITEMS - items.length;
    const read = what.read?.(attachments) ?? [];
    counts.push(Math.min(room, read.length));
    tooMany ||= read.length > room;
    items.push(...read.slice(0, room).map((one, index) => ({ itemId: `${file}.${index}`, file, read: one })));
  }
  return {
    files: recognised.map(({ name, what }, file) =>
      report(name, what, counts[file] ?? 0, attachments, tooMany),
    ),
    items,
    environments: recognised.flatMap(({ what }) => what.environments ?? []),
  };
}

function report(
  name: string,
  what: Recognised,
  items: number,
  attachments: Attachments,
  tooMany: boolean,
): ImportedFile {
  const isEmpty = what.problem === undefined && items === 0 && what.read !== undefined;
  const problem = what.problem ?? (isEmpty ? 'It holds no connection.' : undefined);
  const notes = [
    ...(tooMany && what.read !== undefined
      ? [`Only the first ${formatCount(MAX_ITEMS)} connections of all files are shown.`]
      : []),
  ];
  if (what.kind === 'certificate') {
    notes.push(
      attachments.isUsed(name)
        ? 'Taken into the connections that name it.'
        : 'No connection names this file, so it is not used.',
    );
  }
  return {
    name,
    kind: what.kind,
    seal: what.seal ?? 'none',
    items,
    notes,
    ...(problem === undefined ? {} : { problem }),
  };
}

async function recognise(bytes: Uint8Array, passphrase: string | undefined): Promise<Recognised> {
  if (bytes.length === 0) {
    return { kind: 'unknown', problem: 'The file is empty.' };
  }
  const text = decode(bytes);
  const start = text.trimStart();
  if (start.includes('-----BEGIN ') && !/^[<{[]/.test(start)) {
    return { kind: 'certificate' };
  }
  if (start.startsWith('<')) {
    return recogniseXml(text);
  }
  if (start.startsWith('{') || start.startsWith('[')) {
    return recogniseJson(text, passphrase);
  }
  // DER: a SEQUENCE with a length of two or more bytes.
  if (bytes[0] === 0x30 && (bytes[1] ?? 0) > 0x80) {
    return { kind: 'certificate' };
  }
  if (hasMosquittoCommand(text)) {
    return recogniseCommandLine(text);
  }
  return { kind: 'unknown', problem: NOT_KNOWN };
}

const NOT_KNOWN =
  'It is none of the files that can be imported: an export of Topicscope or MQTTX, settings.json of MQTT Explorer, mqttfx-config.xml, mqtt-spy-configuration.xml, or command lines of mosquitto_pub and mosquitto_sub.';

function decode(bytes: Uint8Array): string {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? 'utf-16le'
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? 'utf-16be'
        : 'utf-8';
  return new TextDecoder(encoding).decode(bytes);
}

function recogniseCommandLine(text: string): Recognised {
  return hasMosquittoCommand(text)
    ? { kind: 'command-line', read: (attachments) => readCommandLines(text, attachments) }
    : {
        kind: 'command-line',
        problem: 'There is no mosquitto_pub or mosquitto_sub in it. Paste the whole command.',
      };
}

function recogniseXml(text: string): Recognised {
  let root: XmlElement;
  try {
    root = readXml(text);
  } catch (error) {
    if (error instanceof XmlProblem) {
      return { kind: 'unknown', problem: error.message };
    }
    throw error;
  }
  const spy = mqttSpyConnections(root);
  if (spy !== undefined) {
    return {
      kind: 'mqtt-spy',
      read: (attachments) => spy.map((connection) => readMqttSpy(connection, attachments)),
    };
  }
  const fx = mqttFxProfiles(root);
  if (fx !== undefined) {
    return { kind: 'mqttfx', read: (attachments) => fx.map((profile) => readMqttFx(profile, attachments)) };
  }
  return { kind: 'unknown', problem: NOT_KNOWN };
}

async function recogniseJson(text: string, passphrase: string | undefined): Promise<Recognised> {
  let json: Json;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message.slice(0, 200) : '';
    return { kind: 'unknown', problem: `It is cut off or damaged: it is not well-formed JSON. ${reason}` };
  }
  if (isConnectionsFile(json)) {
    const outer = readOuter(json);
    return outer.kind === 'sealed' ? openSealed(outer.sealed, passphrase) : recogniseContent(outer, 'none');
  }
  const explorer = mqttExplorerConnections(json);
  if (explorer !== undefined) {
    return {
      kind: 'mqtt-explorer',
      read: (attachments) => explorer.map((connection) => readMqttExplorer(connection, attachments)),
    };
  }
  const mqttx = mqttxConnections(json);
  if (mqttx !== undefined) {
    return {
      kind: 'mqttx',
      read: (attachments) => mqttx.map((connection) => readMqttx(connection, attachments)),
    };
  }
  return { kind: 'unknown', problem: NOT_KNOWN };
}

async function openSealed(sealed: Sealed, passphrase: string | undefined): Promise<Recognised> {
  if (passphrase === undefined) {
    return { kind: 'topicscope', seal: 'locked', problem: 'It is sealed: enter its passphrase.' };
  }
  try {
    const plain = await unseal(sealed, passphrase);
    return recogniseContent(readContent(JSON.parse(new TextDecoder().decode(plain))), 'open');
  } catch (error) {
    if (error instanceof FailureError) {
      const { code, message, hint } = error.failure;
      const seal = code === 'transfer.passphrase' ? 'locked' : 'none';
      return { kind: 'topicscope', seal, problem: `${message} ${hint ?? ''}`.trim() };
    }
    if (error instanceof SyntaxError) {
      return { kind: 'topicscope', problem: 'What is sealed in it is no export of connections.' };
    }
    throw error;
  }
}

function recogniseContent(
  outer: { readonly kind: string; readonly content?: Content; readonly problem?: string },
  seal: ImportedFile['seal'],
): Recognised {
  const { content } = outer;
  if (content === undefined) {
    return { kind: 'topicscope', problem: outer.problem ?? 'It can’t be read.' };
  }
  return {
    kind: 'topicscope',
    seal,
    environments: content.environments,
    read: () => readEntries(content),
  };
}
