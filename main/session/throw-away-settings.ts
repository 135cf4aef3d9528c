import type { ConnectionSettings } from './settings.ts';

/** MQTT 3.1 allows 23 characters (section 3.1); the ending takes five of them. */
const MAX_CLIENT_ID_3_1 = 23;
const ENDING = 5;

/** How the throw-away connection is to differ from a real one. */
export interface ThrowAwayOptions {
  readonly clientId: 'suffixed' | 'own';
  readonly armWill: boolean;
}

/** Credentials that name the client: under another ID their broker would refuse them. */
const boundToClientId: ReadonlySet<ConnectionSettings['credentials']['kind']> = new Set([
  'azureSas',
  'azureX509',
  'googleJwt',
]);

/** A second connection could only be made under the same client ID, and would end the first. */
export function isBoundToClientId({ credentials }: Pick<ConnectionSettings, 'credentials'>): boolean {
  return boundToClientId.has(credentials.kind);
}

/**
 * The settings of a connection that disturbs nobody: no will, no session left behind, a client ID of its own. `notes`
 * say in sentences what differs from a real one.
 */
export function throwAwaySettings(
  settings: ConnectionSettings,
  options: ThrowAwayOptions,
  random: () => number = Math.random,
): { readonly settings: ConnectionSettings; readonly notes: readonly string[] } {
  const notes: string[] = [];
  const { will, ...withoutWill } = settings;
  let result: ConnectionSettings = withoutWill;
  if (will !== undefined) {
    if (options.armWill) {
      result = { ...result, will };
      notes.push('The last will was armed; the orderly end made the broker forget it.');
    } else {
      notes.push('The last will was not armed.');
    }
  }
  if (settings.clientId === '') {
    notes.push('The broker was asked for a client ID, as the connection does.');
  } else if (options.clientId === 'own' || isBoundToClientId(settings)) {
    // The session is left as the connection has it: a clean start would throw away what waits in it.
    notes.push(
      'The client ID was the connection’s own: if it was connected elsewhere, the broker ended that connection.',
    );
    return { settings: result, notes };
  } else {
    const clientId = suffixed(settings, random);
    result = { ...result, clientId };
    notes.push(
      `The client ID was ${clientId}, so that a live connection is not thrown out. A broker that knows its clients by ID may refuse this one and take the real one.`,
    );
  }
  return { settings: { ...result, clean: true, sessionExpiryInterval: 0 }, notes };
}

function suffixed({ clientId, mqttVersion }: ConnectionSettings, random: () => number): string {
  const ending = Math.floor(random() * 36 ** (ENDING - 1))
    .toString(36)
    .padStart(ENDING - 1, '0');
  const limit = mqttVersion === '3.1' ? MAX_CLIENT_ID_3_1 : 65_535;
  return `${clientId.slice(0, limit - ENDING)}-${ending}`;
}
