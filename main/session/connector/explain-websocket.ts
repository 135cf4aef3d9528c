import { formatTarget, type Target } from './explain-network.ts';
import { errorFacts, lasting, passing, type Verdict } from './verdict.ts';

/** An HTTP answer that was not the upgrade to WebSocket. */
export interface HttpAnswer {
  readonly status: number;
  readonly statusText: string;
}

/** Why the server answered the WebSocket request with an HTTP status instead of an upgrade. */
export function explainHttpAnswer(answer: HttpAnswer, target: Target, path: string): Verdict {
  const where = formatTarget(target);
  const detail = `HTTP ${answer.status} ${answer.statusText}`.trim();
  const code = `websocket.http-${answer.status}`;
  const explain = (message: string, hint: string) => lasting(code, message, hint, detail);
  switch (answer.status) {
    case 400:
      return explain(
        `${where} does not accept the WebSocket request.`,
        'This port may want TLS (then choose wss), another path, another subprotocol, or a header of its own.',
      );
    case 401:
    case 407:
      return explain(
        `${where} wants a login for its web server before WebSocket is spoken.`,
        'Username and password of the connection go to the MQTT broker only. Add what the web server wants to the WebSocket headers, such as "Authorization".',
      );
    case 403:
      return explain(
        `${where} forbids this WebSocket connection.`,
        'A proxy or the broker limits who may connect: check its rules for this path and network, and whether it wants a header ("Origin", "Authorization" or a key).',
      );
    case 404:
    case 405:
    case 200:
      return explain(
        `There is no WebSocket endpoint at the path "${path}" of ${where}.`,
        'Check the path: /mqtt is usual, some brokers use /, /ws or /wss.',
      );
    case 426:
      return explain(
        `${where} wants another kind of connection than WebSocket at the path "${path}".`,
        'Check the path and whether the broker has WebSocket switched on.',
      );
    default:
      if (answer.status >= 300 && answer.status < 400) {
        return explain(
          `${where} sends this WebSocket request elsewhere.`,
          'Enter the final address of the broker. Often wss is meant instead of ws.',
        );
      }
      return answer.status >= 500
        ? passing(
            code,
            `The web server at ${where} works, but the broker behind it does not answer.`,
            'Wait and try again, or check the broker.',
            detail,
          )
        : explain(`${where} refused the WebSocket request.`, 'Check path and port.');
  }
}

/** Why the upgrade to WebSocket failed without an HTTP status. */
export function explainWebSocketError(
  error: unknown,
  target: Target,
  subprotocol: string,
  chosen?: string,
): Verdict {
  const facts = errorFacts(error);
  const where = formatTarget(target);
  if (facts.text.includes('subprotocol')) {
    return lasting(
      'websocket.subprotocol',
      chosen === undefined
        ? `${where} speaks WebSocket, but not with the subprotocol "${subprotocol}".`
        : `${where} chose the WebSocket subprotocol "${chosen.slice(0, 100)}" instead of "${subprotocol}".`,
      subprotocol === 'mqtt'
        ? 'This endpoint is probably not for MQTT: check the path. Some brokers have a subprotocol of their own, such as "mqttv3.1".'
        : 'Leave "Subprotocol" empty for that of MQTT, or enter what the broker names.',
      facts.detail,
    );
  }
  if (facts.code.startsWith('HPE_') || facts.text.includes('parse error')) {
    return lasting(
      'websocket.not-http',
      `${where} does not answer in HTTP, so it does not speak WebSocket.`,
      'It may be a plain MQTT port: choose mqtt or mqtts instead of ws or wss, or another port.',
      facts.detail,
    );
  }
  if (facts.text.includes('invalid upgrade') || facts.text.includes('sec-websocket')) {
    return lasting(
      'websocket.invalid',
      `The answer of ${where} to the WebSocket request is not valid.`,
      'A proxy on the way may not pass WebSocket on.',
      facts.detail,
    );
  }
  if (facts.code === 'ECONNRESET' || facts.code === 'EPIPE' || facts.text.includes('hang up')) {
    return passing(
      'websocket.closed',
      `${where} closed the connection instead of answering the WebSocket request.`,
      target.protocol === 'ws'
        ? 'It may be a plain MQTT port (then choose mqtt) or want TLS (then choose wss).'
        : 'It may be an MQTT port without WebSocket: then choose mqtts.',
      facts.detail,
    );
  }
  return passing(
    'websocket.failed',
    `The WebSocket connection to ${where} failed.`,
    'Check port and path.',
    facts.detail,
  );
}
