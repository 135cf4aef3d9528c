import type { Failure } from '#app/contract/failure.ts';
import type { ExposureResult } from '#app/contract/operations/diagnosis.ts';
import { topicFilterProblem } from '#app/mqtt/topic.ts';
import { generateClientId } from '#app/profile/defaults.ts';
import type { ConnectionSettings } from '../settings.ts';
import type { DiagnosisContext, DiagnosisOutcome, DiagnosisTask, ExposurePort } from './control.ts';
import { pause, ThrowAway } from './throw-away.ts';

type Task = Extract<DiagnosisTask, { readonly kind: 'exposure' }>;
type Login = ExposureResult['login'];

/** Seconds for one port: a firewall that drops packets should not hold the rest. */
const CONNECT_TIMEOUT = 8;
/** Topics that are told apart and counted, and those that are named. */
const MAX_TOPICS = 100_000;
const MAX_SAMPLES = 20;
const MAX_TOPIC_LENGTH = 256;

/**
 * Tries ports of the profile's own host without TLS: first without credentials and then, where that was allowed and is
 * of use, with them. No other host is ever contacted: a broker that names another one is not followed.
 */
export async function checkExposure(task: Task, context: DiagnosisContext): Promise<DiagnosisOutcome> {
  const results: ExposureResult[] = [];
  for (const port of task.ports) {
    const anonymous = await tryPort(task, port, 'anonymous', context);
    results.push(anonymous);
    if (task.withCredentials) {
      results.push(
        reasonNotToTry(task, port, anonymous) ?? (await tryPort(task, port, 'credentials', context)),
      );
    }
  }
  return { kind: 'exposure', results };
}

/** A password is not shown to what has no use for it. */
function reasonNotToTry(
  { settings }: Task,
  port: ExposurePort,
  anonymous: ExposureResult,
): ExposureResult | undefined {
  const not = (sentence: string): ExposureResult => ({
    ...port,
    login: 'credentials',
    outcome: 'notTried',
    sentence: `${sentence} The credentials were not sent.`,
    subscriptions: [],
  });
  const hasCredentials =
    settings.username !== '' ||
    settings.password !== undefined ||
    settings.credentials.kind !== 'password' ||
    settings.webSocket.headers.length > 0;
  if (!hasCredentials) {
    return not('This connection has no credentials to try.');
  }
  switch (anonymous.outcome) {
    case 'closed':
    case 'notTried':
    case 'notMqtt':
    case 'tlsOnly':
      return not('Nothing speaks plain MQTT there.');
    case 'readable':
      return not('Everybody can read there already.');
    default:
      return undefined;
  }
}

async function tryPort(
  task: Task,
  port: ExposurePort,
  login: Login,
  context: DiagnosisContext,
): Promise<ExposureResult> {
  const where = `${port.protocol}://${task.settings.host}:${port.port}`;
  const who = login === 'anonymous' ? 'without credentials' : 'with the credentials';
  const connection = new ThrowAway(plainSettings(task.settings, port, login), context.signal);
  try {
    const attempted = await connection.connect((steps) =>
      context.onProgress(steps, `Trying ${where} ${who}`),
    );
    if (attempted.kind === 'failed') {
      const { failure } = attempted;
      const isMute = failure.code === 'connect.closed' || failure.code === 'websocket.closed';
      const judged =
        isMute && (await speaksTls(task, port, context))
          ? TLS_ONLY
          : judgeFailure(failure, login, task.settings);
      return { ...port, login, ...judged, subscriptions: [] };
    }
    context.onProgress(attempted.steps, `Listening on ${where} ${who}`);
    return { ...port, login, ...(await listen(task, connection, context)) };
  } finally {
    await connection.close();
  }
}

/** Some brokers hang up on plain text without a word where they want TLS: a handshake finds out. */
async function speaksTls(task: Task, port: ExposurePort, context: DiagnosisContext): Promise<boolean> {
  const settings = plainSettings(task.settings, port, 'anonymous');
  const protocol = port.protocol === 'ws' ? 'wss' : 'mqtts';
  const connection = new ThrowAway({ ...settings, protocol }, context.signal);
  try {
    const attempted = await connection.connect((steps) =>
      context.onProgress(steps, `Looking for TLS at port ${port.port}`),
    );
    const isDone = attempted.steps.some(({ stage, outcome }) => stage === 'tls' && outcome === 'done');
    return isDone || (attempted.kind === 'failed' && tlsAnswers.test(attempted.failure.code));
  } finally {
    await connection.close();
  }
}

/** Failures of a handshake with somebody who knows TLS. */
const tlsAnswers = /^tls\.(?!not-tls|closed|timeout|failed|material)/;

type Heard = Pick<ExposureResult, 'outcome' | 'sentence' | 'detail' | 'subscriptions' | 'seen'>;

async function listen(task: Task, connection: ThrowAway, context: DiagnosisContext): Promise<Heard> {
  const topics = new Set<string>();
  let messages = 0;
  let retained = 0;
  let bytes = 0;
  const listening = connection.onMessage((message) => {
    messages += 1;
    retained += message.retain ? 1 : 0;
    bytes += message.size;
    if (topics.size < MAX_TOPICS) {
      topics.add(message.topic);
    }
  });
  const wanted = task.subscriptions.filter(
    ({ enabled, filter }) => enabled && topicFilterProblem(filter) === undefined,
  );
  const subscriptions = await connection.subscribe(wanted);
  const isGranted = subscriptions.some(({ grantedQos }) => grantedQos !== undefined);
  if (isGranted) {
    await pause(task.seconds * 1000, context.signal);
  }
  listening.dispose();
  const detail = connection.lost === undefined ? {} : { detail: connection.lost.message };
  if (messages > 0) {
    const sampleTopics = [...topics].slice(0, MAX_SAMPLES).map((topic) => topic.slice(0, MAX_TOPIC_LENGTH));
    return {
      outcome: 'readable',
      sentence: `Whoever can reach this port, or listens on the way, reads these messages: ${messages} on ${topics.size} topics within ${task.seconds} s, ${retained} of them retained.`,
      subscriptions,
      seen: { messages, retained, bytes, topics: topics.size, sampleTopics },
      ...detail,
    };
  }
  if (isGranted) {
    return {
      outcome: 'open',
      sentence: `The broker lets this client in without TLS and accepts the subscriptions; no message came within ${task.seconds} s. Some brokers grant what they then do not deliver.`,
      subscriptions,
      ...detail,
    };
  }
  return wanted.length === 0
    ? {
        outcome: 'open',
        sentence:
          'The broker lets this client in without TLS. The connection has no subscription switched on, so nothing was read.',
        subscriptions,
        ...detail,
      }
    : {
        outcome: 'refused',
        sentence: 'The broker lets this client in without TLS, but refuses all of the subscriptions.',
        subscriptions,
        ...detail,
      };
}

const TLS_ONLY = { outcome: 'tlsOnly', sentence: 'Only TLS is spoken there, as it should be.' } as const;

/** CONNACK codes of a missing, wrong or insufficient login: 3.1.1 section 3.2.2.3, 5.0 section 3.2.2.2. */
const loginCodes = /\b0x(4|5|86|87|8C) \(/;

/** What a failed attempt says about the port. */
function judgeFailure(
  failure: Failure,
  login: Login,
  { mqtt5 }: ConnectionSettings,
): Pick<Heard, 'outcome' | 'sentence' | 'detail'> {
  const detail = { detail: [failure.message, failure.detail].filter(Boolean).join(' ') };
  const { code } = failure;
  if (/^(tcp\.(refused|timeout|reset)|proxy\.no-way)$/.test(code)) {
    return { outcome: 'closed', sentence: 'Nothing answers there, as it should be.', ...detail };
  }
  if (/^(dns|tcp|proxy)\./.test(code)) {
    const sentence = 'The host could not be reached from here, so this says nothing about the port.';
    return { outcome: 'notTried', sentence, ...detail };
  }
  if (code === 'connect.tls-port') {
    return { ...TLS_ONLY, ...detail };
  }
  if (code === 'connect.refused' && loginCodes.test(failure.detail ?? '')) {
    return {
      outcome: 'needsPassword',
      sentence:
        login === 'anonymous'
          ? 'Clients without a password are refused. A client that logs in there sends its password and all messages readable for everybody on the way.'
          : `These credentials are not accepted there. ${
              mqtt5.authenticationMethod === undefined
                ? 'They have crossed the network readable: change the password if others may have listened.'
                : 'SCRAM kept the password to itself.'
            }`,
      ...detail,
    };
  }
  if (/^websocket\./.test(code) || /^connect\.(http-port|not-mqtt|malformed|timeout)$/.test(code)) {
    return { outcome: 'notMqtt', sentence: 'Something answers there, but not as an MQTT broker.', ...detail };
  }
  return {
    outcome: 'refused',
    sentence: 'The port is open, but this client was turned away.',
    ...detail,
  };
}

/** The profile's settings as somebody without TLS would have them, and without a trace in the broker. */
function plainSettings(
  settings: ConnectionSettings,
  { protocol, port }: ExposurePort,
  login: Login,
): ConnectionSettings {
  const { will: _, password, proxy, ...rest } = settings;
  const isWebSocket = settings.protocol === 'ws' || settings.protocol === 'wss';
  const plain = {
    ...rest,
    ...(proxy === undefined ? {} : { proxy }),
    protocol,
    port,
    path: isWebSocket ? settings.path : '/mqtt',
    connectTimeout: Math.min(settings.connectTimeout, CONNECT_TIMEOUT),
    clean: true,
    sessionExpiryInterval: 0,
  };
  if (login === 'credentials') {
    const hasFixedId = settings.credentials.kind !== 'password';
    return {
      ...plain,
      clientId: hasFixedId ? settings.clientId : generateClientId(),
      ...(password === undefined ? {} : { password }),
    };
  }
  const { authenticationMethod: __, ...mqtt5 } = settings.mqtt5;
  return {
    ...plain,
    clientId: generateClientId(),
    username: '',
    credentials: { kind: 'password' },
    secrets: {},
    webSocket: { ...settings.webSocket, headers: [] },
    mqtt5: { ...mqtt5, userProperties: [] },
  };
}
