import type { MqttVersion, Protocol, PublishProperties, Qos, Subscription } from '../profile/profile.ts';
import { nameHidden } from './hidden-text.ts';

/** Languages and tools that a connection or a message can be copied for. */
export const programTargets = ['mosquitto', 'mqttjs', 'paho', 'arduino', 'micropython'] as const;
export type ProgramTarget = (typeof programTargets)[number];

export const programTargetNames: Readonly<Record<ProgramTarget, string>> = {
  mosquitto: 'Mosquitto clients',
  mqttjs: 'JavaScript: MQTT.js',
  paho: 'Python: paho-mqtt',
  arduino: 'Arduino C++: PubSubClient',
  micropython: 'MicroPython: umqtt.simple',
};

/** Shells that the command of a target that is a command line can be written for. */
export const shellNames = {
  sh: 'POSIX shell',
  powershell: 'PowerShell',
  cmd: 'Windows cmd.exe',
} as const;
export type ShellName = keyof typeof shellNames;
export const shells = Object.keys(shellNames) as readonly ShellName[] as readonly [ShellName, ...ShellName[]];

/** Bytes of a payload that still make a readable program. */
export const MAX_PROGRAM_PAYLOAD = 256 * 1024;

/** A message with its bytes. */
export interface ProgramMessage {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: Qos;
  readonly retain: boolean;
  readonly properties: PublishProperties;
}

/** What a program connects with. Files are named, never read; secrets are there only when they were asked for. */
export interface ProgramConnection {
  readonly protocol: Protocol;
  readonly host: string;
  readonly port: number;
  /** Of WebSocket. */
  readonly path: string;
  readonly mqttVersion: MqttVersion;
  readonly clientId: string;
  /** Empty: none is sent. */
  readonly username: string;
  /** Absent: none, or a placeholder stands for it where `hasPassword`. */
  readonly password?: string;
  readonly hasPassword: boolean;
  /** Seconds. */
  readonly keepAlive: number;
  readonly clean: boolean;
  /** Seconds, MQTT 5.0. */
  readonly sessionExpiryInterval: number;
  readonly tls: {
    readonly verify: boolean;
    /** File names; the first one counts where a target takes one only. Empty: the CAs of the system. */
    readonly ca: readonly string[];
    readonly certificate?: string;
    readonly key?: string;
    readonly hasPassphrase: boolean;
    readonly alpn: readonly string[];
    /** Empty: the host. */
    readonly serverName: string;
  };
  readonly will?: ProgramMessage & {
    /** Seconds, MQTT 5.0. */
    readonly delayInterval?: number;
  };
  readonly subscriptions: readonly Pick<
    Subscription,
    'filter' | 'qos' | 'noLocal' | 'retainAsPublished' | 'retainHandling'
  >[];
  /** What no program is written for, in whole sentences: proxies, sockets, sign-ins of clouds. */
  readonly beyond: readonly string[];
}

/** What a program does once it is connected: publishes one message, or subscribes and prints what comes. */
export interface ProgramTask {
  readonly connection: ProgramConnection;
  readonly message?: ProgramMessage;
}

export interface Program {
  readonly target: ProgramTarget;
  /** Of a command line. */
  readonly shell?: ShellName;
  readonly fileName: string;
  readonly code: string;
}

/** The text of the file that a program is saved as, for the systems that want more than its code. */
export function programFile({ shell, code }: Program): string {
  if (shell === 'cmd') {
    return code.replaceAll('\n', '\r\n');
  }
  // Without a mark, Windows PowerShell takes a file for text in the code page of the system.
  return shell === 'powershell' ? `\ufeff${code}` : code;
}

/** What stands for a password that was not asked for. */
export const PASSWORD_PLACEHOLDER = 'YOUR_PASSWORD';

export function usesTls({ protocol }: Pick<ProgramConnection, 'protocol'>): boolean {
  return protocol === 'mqtts' || protocol === 'wss';
}

export function usesWebSocket({ protocol }: Pick<ProgramConnection, 'protocol'>): boolean {
  return protocol === 'ws' || protocol === 'wss';
}

/** The password as it goes into code; `undefined`: none is sent. */
export function passwordOf({ password, hasPassword }: ProgramConnection): string | undefined {
  return password ?? (hasPassword ? PASSWORD_PLACEHOLDER : undefined);
}

const UNVERIFIED =
  'The server’s certificate is not verified, as the connection has it: use this for tests only.';

/** Notes that hold for every target. `unverified`: what is said where certificates are not verified. */
export function commonNotes(connection: ProgramConnection, unverified = UNVERIFIED): readonly string[] {
  return [
    ...connection.beyond,
    ...(connection.hasPassword && connection.password === undefined
      ? [`Put the password in the place of ${PASSWORD_PLACEHOLDER}.`]
      : []),
    ...(usesTls(connection) && !connection.tls.verify ? [unverified] : []),
  ];
}

/** Notes as comments of one line each; what they hold cannot end the comment. */
export function comments(notes: readonly string[], mark: string): string[] {
  return notes.map((note) => `${mark} ${oneLine(note)}`);
}

/** Whatever is not seen, begins a new line, or takes the next one along at its end (a backslash) is made harmless. */
export function oneLine(text: string): string {
  return nameHidden(text).replaceAll('\\', '/').replaceAll('??/', '? ?/');
}
