import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { libraryFile } from '#app/library/saved-message.ts';
import { emptyTemplate } from '#app/publish/message-template.ts';
import { mqttFxSample } from '../transfer/samples.fixture.ts';
import { readMessages } from './read-messages.ts';

const codeOf = (text: string) => {
  try {
    readMessages(text);
  } catch (error) {
    return (error as { failure?: { code: string } }).failure?.code;
  }
  return 'read';
};

describe('mosquitto_pub', () => {
  it('gives messages with their delivery and properties', () => {
    const { messages, notes } = readMessages(
      [
        '# switch the pump',
        `mosquitto_pub -h broker -t 'line 1/pump/set' -m '{"on": true}' -q 1 -r`,
        'mosquitto_pub -V 5 -t a -m "it\'s" -D publish content-type text/plain -D publish user-property k v \\',
        '  -D publish message-expiry-interval 60 -D connect receive-maximum 5',
        '/usr/bin/mosquitto_pub -L mqtt://host/b/c -n -r; echo done',
      ].join('\n'),
    );
    expect(notes).toEqual([]);
    expect(
      messages.map(({ name, message: { topic, text, format, qos, retain } }) => [
        name,
        topic,
        text,
        format,
        qos,
        retain,
      ]),
    ).toEqual([
      ['line 1/pump/set', 'line 1/pump/set', '{"on": true}', 'json', 1, true],
      ['a', 'a', "it's", 'text', 0, false],
      ['b/c', 'b/c', '', 'text', 0, true],
    ]);
    expect(messages[1]?.message.properties).toMatchObject({
      contentType: 'text/plain',
      expiry: '60',
      userProperties: [{ key: 'k', value: 'v' }],
    });
    expect(messages.every(({ message }) => !message.fills)).toBe(true);
  });

  it('names what could not be taken over', () => {
    const { messages, notes } = readMessages(
      'mosquitto_pub -t ok -m $HOME\nmosquitto_pub -t a -f data.bin\nmosquitto_pub -m x\nmosquitto_pub -t a/# -m x\necho 1 | mosquitto_pub -t p -s\nmosquitto_pub -t q',
    );
    expect(messages.map(({ name }) => name)).toEqual(['ok']);
    expect(notes).toHaveLength(6);
    expect(notes.join('\n')).toMatch(/\$HOME.*data\.bin.*without -t.*wildcard.*another command.*no payload/s);
    expect(codeOf('mosquitto_pub -t q')).toBe('library.none');
    expect(codeOf('hello')).toBe('library.none');
  });

  it('takes any payload that is quoted for a shell', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        fc.pre(!text.includes('\r') && !/[\\^`][ \t]*\n/.test(text));
        const { messages } = readMessages(`mosquitto_pub -t a -m '${text.replaceAll("'", `'\\''`)}'`);
        expect(messages[0]?.message.text).toBe(text);
      }),
    );
  });
});

describe('files', () => {
  it('of our own come back', () => {
    const message = { ...emptyTemplate, topic: 'a', text: '{{seq}}' };
    const { messages } = readMessages(libraryFile([{ id: '1', name: 'n', folder: 'f', message }]));
    expect(messages).toEqual([{ name: 'n', folder: 'f', message }]);
    expect(codeOf('{"format":"topicscope-messages","version":2}')).toBe('library.newer');
    expect(codeOf('{"format":"topicscope-messages","version":1,"messages":[{}]}')).toBe('library.damaged');
    expect(codeOf('{"a":1}')).toBe('library.unknown');
    expect(codeOf('{')).toBe('library.damaged');
  });

  it('of MQTT.fx give the messages that stand in them, in a folder for each profile', () => {
    expect(readMessages(mqttFxSample).messages).toEqual([
      {
        name: 'on',
        folder: 'M2M & more',
        message: { ...emptyTemplate, topic: 'a', text: '1', fills: false },
      },
    ]);
    const other =
      '<messages><message topic="x/y" payload="&lt;b&gt;" qos="2" retained="true"/><message><topic>#</topic><payload/></message></messages>';
    const { messages, notes } = readMessages(other);
    expect(messages).toMatchObject([{ name: 'x/y', message: { text: '<b>', qos: 2, retain: true } }]);
    expect(notes).toHaveLength(1);
    expect(codeOf('<a>')).toBe('library.damaged');
    expect(codeOf('<a/>')).toBe('library.none');
  });
});
