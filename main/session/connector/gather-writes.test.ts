import { Duplex } from 'node:stream';
import { expect, it } from 'vitest';
import { gatherWrites } from './gather-writes.ts';

it('sends the answers to one read as one write, and others at once', async () => {
  const writes: string[] = [];
  const stream = new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      writes.push(String(chunk));
      done();
    },
    writev(chunks, done) {
      writes.push(chunks.map(({ chunk }) => String(chunk)).join('+'));
      done();
    },
  });
  stream.on('data', () => {
    stream.write('a');
    process.nextTick(() => stream.write('b'));
  });
  gatherWrites(stream);
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  stream.push('x');
  stream.push('y');
  await turn();
  await turn();
  // What is written before the first read is known goes at once, the rest together.
  expect(writes).toEqual(['a', 'a+b+b']);
  const before = writes.length;
  stream.write('alone');
  expect(writes.slice(before)).toEqual(['alone']);
  stream.push('z');
  stream.destroy();
  await turn();
});
