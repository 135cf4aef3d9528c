import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { ContractClient } from '#app/contract/client.ts';
import { encodeFrame, FrameKind, MAX_FRAME_BYTES } from '#app/contract/frames.ts';
import { newProfile } from '#app/profile/defaults.ts';
import { ask, connectClient, directory, failureOf, start } from '../../e2e/support/server-hosts.fixture.ts';
import { openWebSocketTransport, tokenOf } from '../../e2e/support/ws-transport.ts';
import { waitFor } from '../services/engine.fixture.ts';

describe('the WebSocket', () => {
  it('serves a client that has the token', async () => {
    const host = await start();
    const client = await connectClient(host, tokenOf(host.url));
    expect(await client.main('app.info', {})).toMatchObject({
      host: 'server',
      dataDirectory: directory.file('data'),
    });
    client.dispose();
  });

  it('refuses a wrong or missing token and closes', async () => {
    const host = await start();
    for (const token of ['', 'wrong', `${host.token}x`, host.token.slice(1), undefined]) {
      const transport = await openWebSocketTransport(host.url);
      const closed = new Promise<void>((resolve) => transport.onClose(resolve));
      const client = new ContractClient(transport);
      expect(await failureOf(client.connect(token))).toMatchObject({ code: 'access.denied' });
      await closed;
    }
  });

  it('makes who guesses a password wait', async () => {
    const host = await start({ accessPassword: 'correct horse' });
    await Promise.all(Array.from({ length: 10 }, () => failureOf(connectClient(host, 'guess'))));
    expect((await failureOf(connectClient(host, 'correct horse'))).message).toContain('429');
  });

  it('lets no wrong token lock out who has the right one', async () => {
    const host = await start();
    await Promise.all(Array.from({ length: 15 }, () => failureOf(connectClient(host, 'guess'))));
    const client = await connectClient(host);
    expect((await client.main('app.info', {})).host).toBe('server');
    client.dispose();
  });

  it('refuses other pages, other names and other paths', async () => {
    const host = await start();
    const refused = async (options: Parameters<typeof openWebSocketTransport>[1]) =>
      (await failureOf(connectClient(host, host.token, options))).message;
    expect(await refused({ origin: 'http://evil.example' })).toContain('403');
    expect(await refused({ origin: `http://127.0.0.1:${host.port + 1}` })).toContain('403');
    expect(await refused({ origin: `https://127.0.0.1:${host.port}` })).toContain('403');
    expect(await refused({ origin: 'null' })).toContain('403');
    expect(
      await refused({ host: `evil.example:${host.port}`, origin: `http://evil.example:${host.port}` }),
    ).toContain('421');
    const upgrade = {
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==',
    };
    expect((await ask(host, '/contract', upgrade)).status).toBe(403);
    const origin = { ...upgrade, Origin: `http://127.0.0.1:${host.port}` };
    expect((await ask(host, '/other', origin)).status).toBe(404);
  });

  it('takes the pages of a development server that it was told of', async () => {
    const host = await start({ extraOrigins: ['http://127.0.0.1:5999'] });
    const client = await connectClient(host, host.token, { origin: 'http://127.0.0.1:5999' });
    expect((await client.main('app.info', {})).host).toBe('server');
    client.dispose();
    expect((await ask(host, '/', { Host: '127.0.0.1:5999' })).status).toBe(200);
  });

  it('serves nothing before the token, and closes who does not keep to the contract', async () => {
    const host = await start();
    const good = await connectClient(host);
    const hello = encodeFrame({
      kind: FrameKind.hello,
      channel: 0,
      target: 'main',
      body: { version: 1, token: host.token },
    });
    const request = encodeFrame({
      kind: FrameKind.request,
      channel: 1,
      target: 'main',
      body: { operation: 'app.info', input: {} },
    });
    const attacks: Uint8Array[][] = [
      [request],
      [new Uint8Array()],
      [new Uint8Array([99, 0, 0, 0, 0, 0])],
      [hello, request],
      [new Uint8Array(MAX_FRAME_BYTES + 1)],
    ];
    for (const frames of attacks) {
      const transport = await openWebSocketTransport(host.url);
      const answers: Uint8Array[] = [];
      transport.onFrame((frame) => answers.push(frame));
      const closed = new Promise<void>((resolve) => transport.onClose(resolve));
      for (const frame of frames) {
        transport.send(frame);
      }
      await closed;
      expect(answers.filter(([kind]) => kind === FrameKind.response)).toEqual([]);
    }
    // After the welcome too: an oversized and a malformed frame end that client, and nobody else.
    for (const bad of [new Uint8Array(MAX_FRAME_BYTES + 1), new Uint8Array([3, 0, 0])]) {
      const transport = await openWebSocketTransport(host.url);
      const client = new ContractClient(transport);
      await client.connect(host.token);
      const closed = new Promise<void>((resolve) => transport.onClose(resolve));
      transport.send(bad);
      await closed;
    }
    expect((await good.main('app.info', {})).host).toBe('server');
    good.dispose();
  });

  it('drops a stream that is no WebSocket without harm', async () => {
    const host = await start();
    await new Promise<void>((resolve) => {
      const socket = connect(host.port, '127.0.0.1', () => socket.end('\0\x01garbage\r\n\r\n'));
      socket.on('error', () => undefined);
      socket.on('close', () => resolve());
      socket.resume();
    });
    expect((await ask(host, '/')).status).toBe(200);
  });

  it('shows the same engine to two clients, and to one that comes back', async () => {
    const host = await start();
    const first = await connectClient(host);
    const second = await connectClient(host);
    await first.main('profiles.save', { profile: newProfile({ id: 'p', name: 'shared', host: 'h' }) });
    expect(
      (await waitFor(second, 'profiles', ({ profiles }) => profiles.length === 1)).profiles[0]?.name,
    ).toBe('shared');
    const { sessionId } = await first.main('sessions.open', { profileId: 'p' });
    first.dispose();
    second.dispose();
    const third = await connectClient(host);
    const { sessions } = await waitFor(third, 'sessions', ({ sessions: all }) => all.length === 1);
    expect(sessions[0]).toMatchObject({ sessionId, generation: 1 });
    const answer = await third.session(sessionId, 'message.get', { sequence: 1 });
    expect(JSON.stringify(answer)).toContain('"host":"h"');
    third.dispose();
  });

  it('ends all clients when it closes, and frees port and data', async () => {
    const host = await start();
    const client = await connectClient(host);
    const lost = new Promise<void>((resolve) => client.onDidClose(resolve));
    await host.close();
    await lost;
    await start({ port: host.port });
  });
});
