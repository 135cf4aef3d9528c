import { formatBytes, formatCount } from '../base/format.ts';
import type { MqttVersion } from '../profile/profile.ts';
import type { Failure } from './failure.ts';
import type {
  Capability,
  CapabilityName,
  ExposureReport,
  GrantedSubscription,
} from './operations/diagnosis.ts';
import type { ConnackSummary, DialStage, DialStep, Endpoint, Redirect, TlsSummary } from './session-state.ts';

/** What {@link connectionReportText} tells of one attempt; all of it may be had from a session's state. */
export interface ReportedConnection {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly endpoint: Endpoint;
  readonly mqttVersion: MqttVersion;
  readonly steps: readonly DialStep[];
  readonly failure?: Failure | undefined;
  readonly redirect?: Redirect | undefined;
  readonly tls?: TlsSummary | undefined;
  readonly connack?: ConnackSummary | undefined;
  readonly notes?: readonly string[];
}

/** As the ladder names them. */
export const stageNames: Readonly<Record<DialStage, string>> = {
  dns: 'DNS',
  socket: 'Socket',
  tcp: 'TCP',
  proxy: 'Proxy',
  tls: 'TLS',
  websocket: 'WebSocket',
  connect: 'CONNECT',
};

export const capabilityLabels: Readonly<Record<CapabilityName, string>> = {
  maximumQos: 'Maximum QoS',
  retain: 'Retained messages',
  wildcardSubscriptions: 'Wildcards',
  sharedSubscriptions: 'Shared subscriptions',
  subscriptionIdentifiers: 'Subscription identifiers',
  maximumPacketSize: 'Maximum packet size',
  receiveMaximum: 'Receive maximum',
  topicAliasMaximum: 'Topic alias maximum',
  keepAlive: 'Keep alive',
};

/** An attempt to connect as plain text, for a mail or an issue: what it was, each step, the failure. No secrets. */
export function connectionReportText(report: ReportedConnection): string {
  const { failure, redirect, tls, connack, notes = [] } = report;
  return withoutSecrets(
    [
      `Topicscope connection report, ${new Date(report.at).toISOString()}`,
      `Broker: ${formatEndpoint(report.endpoint)}, MQTT ${report.mqttVersion}`,
      ...routeLines(report.endpoint),
      failure === undefined ? 'Result: connected' : `Result: failed, ${failure.code}`,
      ...(failure === undefined ? [] : failureLines(failure)),
      ...(redirect === undefined ? [] : [`  Sent to: ${redirect.reference}`]),
      '',
      'Steps:',
      ...stepLines(report.steps),
      ...certificateLines(report.steps),
      ...(tls === undefined ? [] : ['', 'TLS:', ...tlsLines(tls)]),
      ...(connack === undefined ? [] : ['', 'CONNACK:', ...connackLines(connack)]),
      ...(notes.length === 0 ? [] : ['', 'Notes:', ...notes.map((note) => `  ${note}`)]),
    ].join('\n'),
  );
}

/** The capability card as plain text. */
export function capabilityReportText(report: {
  readonly at: number;
  readonly endpoint: Endpoint;
  readonly failure?: Failure | undefined;
  readonly capabilities: readonly Capability[];
  readonly subscriptions: readonly GrantedSubscription[];
  readonly notes: readonly string[];
}): string {
  const { failure, capabilities, subscriptions, notes } = report;
  return withoutSecrets(
    [
      `Topicscope capability report, ${new Date(report.at).toISOString()}`,
      `Broker: ${formatEndpoint(report.endpoint)}`,
      ...(failure === undefined ? [] : [`Not connected, ${failure.code}`, ...failureLines(failure)]),
      ...capabilities.map(
        (capability) =>
          `  ${capabilityLabels[capability.name].padEnd(26)}${formatCapability(capability).padEnd(16)}${capability.source.padEnd(9)}${capability.note}`,
      ),
      ...subscriptionLines(subscriptions),
      ...(notes.length === 0 ? [] : ['', 'Notes:', ...notes.map((note) => `  ${note}`)]),
    ].join('\n'),
  );
}

/** The exposure check as plain text. Topics are left out: they may tell more than a report should. */
export function exposureReportText(report: Omit<ExposureReport, 'reportText'>): string {
  return withoutSecrets(
    [
      `Topicscope exposure check, ${new Date(report.at).toISOString()}`,
      `Host: ${report.host}`,
      report.summary,
      '',
      ...report.results.flatMap((result) => [
        `${result.protocol}://${bracketed(report.host)}:${result.port} ${result.login}: ${result.outcome}`,
        `  ${result.sentence}`,
        ...(result.detail === undefined ? [] : [`  Detail: ${result.detail}`]),
        ...(result.seen === undefined ? [] : [`  Read: ${formatBytes(result.seen.bytes)} of payloads`]),
        ...subscriptionLines(result.subscriptions),
      ]),
    ].join('\n'),
  );
}

/** The value as the card shows it. */
export function formatCapability({ name, value }: Pick<Capability, 'name' | 'value'>): string {
  if (value === undefined) {
    return 'not known';
  }
  if (typeof value === 'boolean') {
    return value ? 'yes' : 'no';
  }
  switch (name) {
    case 'maximumPacketSize':
      return formatBytes(value);
    case 'keepAlive':
      return value === 0 ? 'off' : `${value} s`;
    default:
      return formatCount(value);
  }
}

/** `mqtts://host:8883/path (192.0.2.7)`. */
export function formatEndpoint({ protocol, host, port, path, address }: Endpoint): string {
  const where = `${protocol}://${bracketed(host)}:${port}${path ?? ''}`;
  return address === undefined || address === host ? where : `${where} (${address})`;
}

function bracketed(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}

function failureLines({ message, hint, detail }: Failure): readonly string[] {
  return [
    `  ${message}`,
    ...(hint === undefined ? [] : [`  What to do: ${hint}`]),
    ...(detail === undefined ? [] : [`  Detail: ${detail}`]),
  ];
}

function stepLines(steps: readonly DialStep[]): readonly string[] {
  return steps.length === 0
    ? ['  None: it failed before the network was reached.']
    : steps.map(({ stage, duration, outcome, note }) =>
        `  ${stageNames[stage].padEnd(10)}${`${Math.round(duration)} ms`.padStart(9)}  ${outcome.padEnd(8)}${note ?? ''}`.trimEnd(),
      );
}

/** What leads to the broker, where it is not the straight way. */
function routeLines({ proxy, socketPath }: Endpoint): readonly string[] {
  return [
    ...(proxy === undefined ? [] : [`Proxy: ${proxy.kind}, ${bracketed(proxy.host)}:${proxy.port}`]),
    ...(socketPath === undefined ? [] : [`Socket: ${socketPath}`]),
  ];
}

/** The chain as the server presented it, also where it was refused. */
function certificateLines(steps: readonly DialStep[]): readonly string[] {
  const chain = steps.flatMap(({ certificates = [] }) => certificates);
  return chain.length === 0
    ? []
    : [
        '',
        'Certificates presented:',
        ...chain.flatMap((certificate, index) => [
          `  ${index + 1}. ${certificate.subject}, issued by ${certificate.selfSigned ? 'itself' : certificate.issuer}, valid ${dayOf(certificate.validFrom)} to ${dayOf(certificate.validTo)}`,
          ...(certificate.names.length === 0 ? [] : [`     for ${certificate.names.join(', ')}`]),
          `     SHA-256 ${certificate.fingerprint256}`,
        ]),
      ];
}

/** `2026-01-31`; a certificate may say anything. */
function dayOf(at: number): string {
  return Math.abs(at) <= 8.64e15 ? new Date(at).toISOString().slice(0, 10) : 'unknown';
}

function verificationLine(tls: TlsSummary): string {
  if (tls.preSharedKey === true) {
    return '  Both sides know the pre-shared key.';
  }
  if (tls.pinned === true) {
    return '  The certificate is the one that this connection trusts by its fingerprint.';
  }
  return tls.authorized
    ? '  The certificate was verified.'
    : `  NOT verified: ${tls.unverifiedBecause ?? ''}`;
}

function tlsLines(tls: TlsSummary): readonly string[] {
  return [
    `  ${tls.version}, ${tls.cipher}`,
    verificationLine(tls),
    ...(tls.serverName === undefined ? [] : [`  Server name (SNI): ${tls.serverName}`]),
    ...(tls.alpn === undefined
      ? []
      : [`  ALPN: ${tls.alpn.offered.join(', ')} offered, ${tls.alpn.chosen ?? 'none'} chosen`]),
    ...(tls.peer === undefined
      ? []
      : [
          `  Presented: ${tls.peer.subject}, issued by ${tls.peer.issuer}, valid to ${dayOf(tls.peer.validTo)}`,
        ]),
    ...(tls.clientCertificate ? ['  A client certificate was presented.'] : []),
  ];
}

function connackLines(connack: ConnackSummary): readonly string[] {
  const { userProperties, ...rest } = connack;
  return [
    ...Object.entries(rest).map(([name, value]) => `  ${name}: ${String(value)}`),
    ...userProperties.map(({ key }) => `  user property: ${key}`),
  ];
}

function subscriptionLines(subscriptions: readonly GrantedSubscription[]): readonly string[] {
  return subscriptions.map(({ filter, requestedQos, grantedQos, reason }) =>
    grantedQos === undefined
      ? `  Subscription ${filter}: refused. ${reason ?? ''}`.trimEnd()
      : `  Subscription ${filter}: QoS ${grantedQos} granted, ${requestedQos} asked for`,
  );
}

/** What may be a secret in an address or in what a server echoes. */
function withoutSecrets(text: string): string {
  return text
    .replace(/([a-z][a-z0-9+.-]*:\/\/)[^\s/"']*@/gi, '$1[removed]@')
    .replace(
      /\b(X-Amz-(?:Signature|Security-Token|Credential)|sig|token|password|passphrase|secret)(\s*[=:]\s*)[^\s"',;&]+/gi,
      '$1$2[removed]',
    )
    .replace(/\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi, '$1 [removed]');
}
