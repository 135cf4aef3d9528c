import fc from 'fast-check';
import { expect, it } from 'vitest';
import { recogniseBroker, sysGroups, sysName, sysNumber } from './sys-topics.ts';

it('recognises brokers by their names', () => {
  const known = [
    ['$SYS/broker/version', '$SYS/broker/load/messages/received/1min'],
    ['$SYS/brokers', '$SYS/brokers/emqx@127.0.0.1/stats/connections/count'],
    ['$SYS/broker/clients/connected', '$SYS/broker/messages/publish/received'],
    ['$SYS/VerneMQ@127.0.0.1/mqtt/publish/received'],
  ];
  expect(known.map(recogniseBroker)).toEqual(['mosquitto', 'emqx', 'hivemq', 'vernemq']);
  expect(recogniseBroker(['$SYS/broker/version', '$SYS/Coreflux/Version'])).toBe('unknown');
  expect(recogniseBroker(['plant/a'])).toBe('none');
  expect(recogniseBroker([])).toBe('none');
});

it('says what values are', () => {
  expect(sysName('$SYS/broker/publish/messages/dropped')).toEqual({
    label: 'Dropped',
    group: 'Messages',
    kind: 'counter',
    unit: 'messages',
  });
  expect(sysName('$SYS/broker/load/sockets/5min')?.label).toBe('Connections opened, 5 min');
  expect(sysName('$SYS/brokers/a@b/stats/sessions/count')?.label).toBe('Sessions (a@b)');
  expect(sysName('$SYS/v@1/retain/messages')?.label).toBe('Retained messages (v@1)');
  expect(sysName('$SYS/broker/constructor')).toBeUndefined();
  expect(sysName('$SYS/broker/load/toString/1min')).toBeUndefined();
});

it('takes any topic', () => {
  const segment = fc.constantFrom('$SYS', 'broker', 'brokers', 'load', '1min', 'a@b', '', '__proto__', 'x');
  fc.assert(
    fc.property(fc.array(segment), (segments) => {
      const topic = segments.join('/');
      recogniseBroker([topic]);
      const name = sysName(topic);
      expect(name === undefined || sysGroups.some((group) => group === name.group)).toBe(true);
    }),
  );
});

it('reads numbers as brokers write them', () => {
  expect(['12', ' 1.5 ', '123 seconds', '-2', '1e3', '7 %'].map(sysNumber)).toEqual([
    12, 1.5, 123, -2, 1000, 7,
  ]);
  expect(['', 'mosquitto version 2.0.11', '1 day, 2 hours', '12ab', '1e999'].map(sysNumber)).toEqual(
    new Array(5).fill(undefined),
  );
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(sysNumber(`${value}`)).toBe(Number(`${value}`));
    }),
  );
});
