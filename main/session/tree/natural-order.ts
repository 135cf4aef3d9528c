import { sortByKey } from './key-sort.ts';

const ZERO = 48;
const NINE = 57;

/**
 * Compares two names as people do: `device2` comes before `device10`, and case matters only between names
 * that are the same otherwise. A name is read as a row of characters and of numbers (runs of the digits 0-9);
 * a number stands among characters where its digits stand. Takes each name as it is and as `foldCase` made it.
 * Never 0 for different names.
 */
export function compareNatural(a: string, foldedA: string, b: string, foldedB: string): number {
  return compareFolded(foldedA, foldedB, 0) || compareUnits(foldedA, foldedB) || compareUnits(a, b);
}

/**
 * Sorts node numbers in place by name: ranges with a common beginning are sorted by the next few characters
 * or the next number, packed into one double each, and what is still equal goes the same way again.
 * Character by character comparing, which is ten times slower, is left for short ranges.
 */
export function sortByName(
  nodes: Int32Array,
  textOf: (node: number) => string,
  foldedOf: (node: number) => string,
): void {
  if (nodes.length <= SHORT) {
    compareSort(nodes, 0, nodes.length, textOf, foldedOf);
    return;
  }
  const keys = new Float64Array(nodes.length);
  const ranges: Range[] = [{ from: 0, to: nodes.length, depth: 0 }];
  for (let range = ranges.pop(); range !== undefined; range = ranges.pop()) {
    const { from, to } = range;
    if (to - from <= SHORT) {
      compareSort(nodes, from, to, textOf, foldedOf);
      continue;
    }
    const depth = commonBeginning(nodes, from, to, range.depth, foldedOf);
    for (let index = from; index < to; index += 1) {
      keys[index] = keyAt(foldedOf(nodes[index]!), depth);
    }
    sortByKey(nodes, keys, from, to);
    for (let start = from; start < to; ) {
      const key = keys[start]!;
      let end = start + 1;
      while (end < to && keys[end] === key) {
        end += 1;
      }
      if (end - start > 1) {
        // A range that did not get smaller cannot be told apart by keys, for example numbers of 20 digits.
        const isStuck = start === from && end === to;
        if (isStuck) {
          compareSort(nodes, start, end, textOf, foldedOf);
        } else {
          ranges.push({ from: start, to: end, depth });
        }
      }
      start = end;
    }
  }
}

interface Range {
  readonly from: number;
  readonly to: number;
  /** All folded names of the range are the same up to here, and no number goes across. */
  readonly depth: number;
}

const SHORT = 24;

function compareSort(
  nodes: Int32Array,
  from: number,
  to: number,
  textOf: (node: number) => string,
  foldedOf: (node: number) => string,
): void {
  if (to - from > SHORT) {
    nodes.subarray(from, to).sort((a, b) => compareNatural(textOf(a), foldedOf(a), textOf(b), foldedOf(b)));
    return;
  }
  for (let next = from + 1; next < to; next += 1) {
    const node = nodes[next]!;
    const text = textOf(node);
    const folded = foldedOf(node);
    let place = next;
    for (; place > from; place -= 1) {
      const other = nodes[place - 1]!;
      if (compareNatural(textOf(other), foldedOf(other), text, folded) <= 0) {
        break;
      }
      nodes[place] = other;
    }
    nodes[place] = node;
  }
}

function isDigit(unit: number): boolean {
  return unit >= ZERO && unit <= NINE;
}

/** By code units, as `<` does; a sign instead of two comparisons. */
function compareUnits(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** 0 for names that differ in leading zeros only. */
function compareFolded(a: string, b: string, start: number): number {
  let left = start;
  let right = start;
  while (left < a.length && right < b.length) {
    const leftUnit = a.charCodeAt(left);
    const rightUnit = b.charCodeAt(right);
    if (isDigit(leftUnit) && isDigit(rightUnit)) {
      left = skipZeros(a, left);
      right = skipZeros(b, right);
      const leftEnd = skipDigits(a, left);
      const rightEnd = skipDigits(b, right);
      if (leftEnd - left !== rightEnd - right) {
        return leftEnd - left - (rightEnd - right);
      }
      for (; left < leftEnd; left += 1, right += 1) {
        const difference = a.charCodeAt(left) - b.charCodeAt(right);
        if (difference !== 0) {
          return difference;
        }
      }
    } else if (leftUnit !== rightUnit) {
      return leftUnit - rightUnit;
    } else {
      left += 1;
      right += 1;
    }
  }
  return a.length - left - (b.length - right);
}

function skipZeros(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) === ZERO) {
    at += 1;
  }
  return at;
}

function skipDigits(text: string, from: number): number {
  let at = from;
  while (isDigit(text.charCodeAt(at))) {
    at += 1;
  }
  return at;
}

/** How far all names of a range agree from `known` on, stepping back out of a number that goes on in one of them. */
function commonBeginning(
  nodes: Int32Array,
  from: number,
  to: number,
  known: number,
  foldedOf: (node: number) => string,
): number {
  const first = foldedOf(nodes[from]!);
  let end = first.length;
  let goesOn = false;
  for (let index = from + 1; index < to && end > known; index += 1) {
    const name = foldedOf(nodes[index]!);
    let at = known;
    while (at < end && name.charCodeAt(at) === first.charCodeAt(at)) {
      at += 1;
    }
    if (at < end) {
      end = at;
      goesOn = isDigit(first.charCodeAt(end));
    }
    goesOn ||= isDigit(name.charCodeAt(end));
  }
  while (goesOn && end > known && isDigit(first.charCodeAt(end - 1))) {
    end -= 1;
  }
  return end;
}

const THREE_UNITS = 2 ** 37;
const TWO_UNITS = 2 ** 21;
const ONE_UNIT = 2 ** 5;

/**
 * A number that grows (not strictly) as the name does from `at` on: up to two characters and part of a third,
 * or fewer and a number. Unit 0 stands for the end; a name that holds a NUL is told apart later.
 */
function keyAt(name: string, at: number): number {
  let scale = THREE_UNITS;
  let key = 0;
  for (let index = at; index < name.length; index += 1) {
    const unit = name.charCodeAt(index);
    if (isDigit(unit)) {
      return key + ZERO * scale + Math.min(numberAt(name, index), scale - 1);
    }
    key += unit * scale;
    if (scale === ONE_UNIT) {
      return key;
    }
    scale = scale === THREE_UNITS ? TWO_UNITS : ONE_UNIT;
  }
  return key;
}

/** A run of digits as a number; more than fits a key is `Infinity`. */
function numberAt(text: string, from: number): number {
  let value = 0;
  for (let at = from; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (!isDigit(unit)) {
      break;
    }
    value = value * 10 + (unit - ZERO);
    if (value > THREE_UNITS) {
      return Number.POSITIVE_INFINITY;
    }
  }
  return value;
}
