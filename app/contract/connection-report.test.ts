import { describe, expect, it } from 'vitest';
import { statedCapabilities } from './capabilities.ts';
import {
  capabilityReportText,
  connectionReportText,
  exposureReportText,
  formatEndpoint,
} from './connection-report.ts';

const at = Date.UTC(2026, 0, 2, 3, 4, 5);
const endpoint = { protocol: 'mqtts', host: 'broker.example', port: 8883, address: '192.0.2.7' } as const;

describe('connectionReportText', () => {
  it('tells an attempt that failed, step by step', () => {
    const text = connectionReportText({
      at,
      endpoint,
      mqttVersion: '5.0',
      steps: [
        { stage: 'dns', duration: 1.4, outcome: 'done', note: '192.0.2.7' },
        { stage: 'tls', duration: 1234.5, outcome: 'failed' },
      ],
      failure: { code: 'tls.expired', message: 'It expired.', hint: 'Renew it.', detail: 'CERT_HAS_EXPIRED' },
    });
    expect(text.split('\n')).toEqual([
      'Topicscope connection report, 2026-01-02T03:04:05.000Z',
      'Broker: mqtts://broker.example:8883 (192.0.2.7), MQTT 5.0',
      'Result: failed, tls.expired',
      '  It expired.',
      '  What to do: Renew it.',
      '  Detail: CERT_HAS_EXPIRED',
      '',
      'Steps:',
      '  DNS            1 ms  done    192.0.2.7',
      '  TLS         1235 ms  failed',
    ]);
  });

  it('tells a connection with its certificate and CONNACK, without the values of user properties', () => {
    const text = connectionReportText({
      at,
      endpoint,
      mqttVersion: '5.0',
      steps: [],
      tls: {
        version: 'TLSv1.3',
        cipher: 'TLS_AES_256_GCM_SHA384',
        authorized: false,
        unverifiedBecause: 'Nobody knows the issuer.',
        peer: { subject: 'broker.example', issuer: 'Own CA', validTo: at },
        clientCertificate: true,
      },
      connack: {
        sessionPresent: true,
        serverKeepAlive: 30,
        userProperties: [{ key: 'ticket', value: 'abc123' }],
      },
      notes: ['The last will was not armed.'],
    });
    expect(text).toContain('  NOT verified: Nobody knows the issuer.');
    expect(text).toContain('  Presented: broker.example, issued by Own CA, valid to 2026-01-02');
    expect(text).toContain('  serverKeepAlive: 30');
    expect(text).toContain('  user property: ticket');
    expect(text).not.toContain('abc123');
    expect(text).toContain('  The last will was not armed.');
  });

  it('tells the way and the chain that was presented, also where it was refused', () => {
    const certificate = {
      subject: 'broker.example',
      issuer: 'Own CA',
      names: ['broker.example', '192.0.2.7'],
      validFrom: at,
      validTo: Number.NaN,
      fingerprint256: 'AA:BB',
      selfSigned: false,
    };
    const text = connectionReportText({
      at,
      endpoint: { ...endpoint, proxy: { kind: 'socks5', host: '::1', port: 1080 } },
      mqttVersion: '5.0',
      steps: [
        {
          stage: 'tls',
          duration: 1,
          outcome: 'failed',
          certificates: [certificate, { ...certificate, subject: 'Own CA', selfSigned: true, names: [] }],
        },
      ],
      failure: { code: 'tls.unknown-issuer', message: 'Nobody knows the issuer.' },
    });
    expect(text).toContain('Proxy: socks5, [::1]:1080');
    expect(text.split('\n').slice(-6)).toEqual([
      'Certificates presented:',
      '  1. broker.example, issued by Own CA, valid 2026-01-02 to unknown',
      '     for broker.example, 192.0.2.7',
      '     SHA-256 AA:BB',
      '  2. Own CA, issued by itself, valid 2026-01-02 to unknown',
      '     SHA-256 AA:BB',
    ]);
  });

  it.each([
    [{ pinned: true }, /trusts by its fingerprint/],
    [{ preSharedKey: true }, /pre-shared key/],
    [{ alpn: { offered: ['mqtt', 'x'], chosen: 'mqtt' } }, /ALPN: mqtt, x offered, mqtt chosen/],
    [{ serverName: 'other.example' }, /SNI\): other\.example/],
  ] as const)('tells what is special about TLS: %j', (special, expected) => {
    const tls = { version: 'TLSv1.3', cipher: 'C', authorized: true, clientCertificate: false, ...special };
    expect(connectionReportText({ at, endpoint, mqttVersion: '5.0', steps: [], tls })).toMatch(expected);
  });

  it.each([
    ['wss://host/mqtt?X-Amz-Signature=0123abcd&X-Amz-Date=1', '0123abcd'],
    ['mqtt://joe:pencil@host', 'pencil'],
    ['SharedAccessSignature sr=hub&sig=s3cr3t%3D&se=1', 's3cr3t'],
    ['Authorization: Bearer eyJhbGciOi.x.y', 'eyJhbGciOi'],
    ['password=pencil', 'pencil'],
  ])('takes out what a detail may carry: %s', (detail, secret) => {
    const failure = { code: 'x', message: 'M.', detail };
    const text = connectionReportText({ at, endpoint, mqttVersion: '5.0', steps: [], failure });
    expect(text).not.toContain(secret);
    expect(text).toContain('[removed]');
  });
});

it('tells capabilities with how they are known', () => {
  const connack = { sessionPresent: false, userProperties: [], maximumQos: 1, maximumPacketSize: 65_536 };
  const text = capabilityReportText({
    at,
    endpoint,
    capabilities: statedCapabilities(connack, '5.0', 60),
    subscriptions: [
      { filter: 'a/#', requestedQos: 2, grantedQos: 1 },
      { filter: 'b', requestedQos: 0, reason: 'Not allowed.' },
    ],
    notes: ['Probed.'],
  });
  expect(text).toMatch(/Maximum QoS +1 +stated/);
  expect(text).toMatch(/Maximum packet size +66 KB +stated/);
  expect(text).toMatch(/Receive maximum +65,535 +default/);
  expect(text).toMatch(/Keep alive +60 s +default/);
  expect(text).toContain('  Subscription a/#: QoS 1 granted, 2 asked for');
  expect(text).toContain('  Subscription b: refused. Not allowed.');
});

it('tells an exposure without the topics', () => {
  const text = exposureReportText({
    at,
    host: '::1',
    verdict: 'exposed',
    summary: 'Everybody can read.',
    results: [
      {
        protocol: 'mqtt',
        port: 1883,
        login: 'anonymous',
        outcome: 'readable',
        sentence: 'Read.',
        subscriptions: [],
        seen: { messages: 2, retained: 1, bytes: 1500, topics: 1, sampleTopics: ['ward/7/patient'] },
      },
    ],
  });
  expect(text).toContain('mqtt://[::1]:1883 anonymous: readable');
  expect(text).toContain('1.5 KB');
  expect(text).not.toContain('patient');
});

it('brackets addresses of IPv6 and names what answered', () => {
  expect(formatEndpoint({ protocol: 'wss', host: '::1', port: 1, path: '/mqtt', address: '::1' })).toBe(
    'wss://[::1]:1/mqtt',
  );
});
