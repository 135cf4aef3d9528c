import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { DecodeLimits } from './codec.ts';
import { xmlFields } from './xml-fields.ts';

const limits: DecodeLimits = { maxTextLength: 1e6, maxDepth: 100, isOver: () => false };
const read = (text: string) => xmlFields(new TextEncoder().encode(text), limits);

it('names texts and attributes by their XPath', () => {
  const plant =
    '<?xml version="1.0"?><plant id="7"><line><temp>21.4</temp></line><!-- c --><line><temp unit="C">22 &amp; up</temp><off/></line></plant>';
  expect(read(plant)).toEqual([
    { path: '/plant/@id', value: 7 },
    { path: '/plant/line/temp', value: 21.4 },
    { path: '/plant/line[2]/temp/@unit', value: 'C' },
    { path: '/plant/line[2]/temp', value: '22 & up' },
    { path: '/plant/line[2]/off', value: '' },
  ]);
  expect(read('<a><![CDATA[<5>]]><b>1</b></a>')).toEqual([
    { path: '/a/b', value: 1 },
    { path: '/a', value: '<5>' },
  ]);
});

it('takes nothing for a number that one would read otherwise', () => {
  const values = ['007', '+1', '0x10', '1e400', '12345678901234567890', '-0.5', '1e3'];
  expect(
    read(`<a>${values.map((value) => `<v>${value}</v>`).join('')}</a>`).map(({ value }) => value),
  ).toEqual(['007', '+1', '0x10', '1e400', '12345678901234567890', -0.5, 1000]);
});

it('expands no entity, and refuses what is not well-formed', () => {
  const bomb = '<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;">]><a>&y;</a>';
  expect(() => read(bomb)).toThrow('undefined entity');
  expect(() => read('<a><b></a>')).toThrow();
  expect(() => read('no xml')).toThrow();
});

it('keeps to its limits', () => {
  expect(read(`<a>${'<b>1</b>'.repeat(6000)}</a>`)).toHaveLength(5000);
  expect(read(`${'<a>'.repeat(300)}1${'</a>'.repeat(300)}`)).toEqual([]);
  expect(read(`<r><${'k'.repeat(5000)} a="1"><b>1</b></${'k'.repeat(5000)}><b>2</b></r>`)).toEqual([
    { path: '/r/b', value: 2 },
  ]);
});

it('gives every place a path of its own, whatever the document', () => {
  const element = fc.letrec((tie) => ({
    node: fc.oneof(
      { depthSize: 'small', maxDepth: 4 },
      fc.integer().map((value) => `<v>${value}</v>`),
      fc
        .tuple(fc.constantFrom('a', 'b'), fc.array(tie('node'), { maxLength: 3 }))
        .map(([name, children]) => `<${name} at="x">${children.join('')}</${name}>`),
    ),
  })).node;
  fc.assert(
    fc.property(element, (text) => {
      const paths = read(String(text)).map(({ path }) => path);
      expect(new Set(paths).size).toBe(paths.length);
    }),
  );
});
