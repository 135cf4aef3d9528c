import { describe, expect, it } from 'vitest';
import { endpointText, secondsUntil, tlsText } from './connection-words.ts';

describe('connection words', () => {
  it('writes endpoints as URLs, with brackets around IPv6 and a path for WebSockets only', () => {
    expect(endpointText({ protocol: 'mqtt', host: 'broker', port: 1883, path: '/mqtt' })).toBe(
      'mqtt://broker:1883',
    );
    expect(endpointText({ protocol: 'mqtt', host: 'unused', port: 1, socketPath: '/run/mqtt.sock' })).toBe(
      'mqtt: /run/mqtt.sock',
    );
    expect(endpointText({ protocol: 'wss', host: '::1', port: 8081, path: 'mqtt' })).toBe(
      'wss://[::1]:8081/mqtt',
    );
    expect(endpointText({ protocol: 'ws', host: 'broker', port: 8080, path: '' })).toBe('ws://broker:8080');
  });

  it('names TLS versions as people do', () => {
    expect(tlsText('TLSv1.3')).toBe('TLS 1.3');
  });

  it('counts down in whole seconds and stops at zero', () => {
    expect(secondsUntil(5000, 3999)).toBe(2);
    expect(secondsUntil(5000, 6000)).toBe(0);
  });
});
