import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { WebSocketServer } from 'ws';

/** What a gateway in front of a broker demands of the opening handshake. */
export interface Demands {
  readonly headers: Readonly<Record<string, string>>;
  readonly subprotocol: string;
}

export interface PickyWebSocket {
  readonly port: number;
  /** Handshakes that were let in. */
  readonly accepted: number;
  stop(): Promise<void>;
}

/** A WebSocket server that lets in who brings the right headers and subprotocol, and hands the bytes to a broker. */
export async function startPickyWebSocket(brokerPort: number, demands: Demands): Promise<PickyWebSocket> {
  let accepted = 0;
  const server = createServer((_, response) => response.writeHead(404).end());
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => (offered.has(demands.subprotocol) ? demands.subprotocol : false),
  });
  server.on('upgrade', (request, socket, head) => {
    const isWelcome = Object.entries(demands.headers).every(
      ([name, value]) => request.headers[name.toLowerCase()] === value,
    );
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
    if (!isWelcome || !offered.includes(demands.subprotocol)) {
      socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
      return;
    }
    accepted += 1;
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const broker = connect(brokerPort, '127.0.0.1');
      broker.on('data', (chunk) => webSocket.send(chunk));
      broker.on('error', () => webSocket.close());
      broker.on('close', () => webSocket.close());
      webSocket.on('message', (data) => broker.write(data as Buffer));
      webSocket.on('close', () => broker.destroy());
      webSocket.on('error', () => broker.destroy());
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    get accepted() {
      return accepted;
    },
    async stop() {
      for (const client of sockets.clients) {
        client.terminate();
      }
      server.close();
    },
  };
}
