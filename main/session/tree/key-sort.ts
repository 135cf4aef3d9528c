/** Runs this short are sorted by insertion. */
const RUN = 16;

/**
 * Sorts `items[from, to)` by `keys` of the same indexes, ascending and stable; the keys move along.
 * A merge sort on flat arrays: `Array.prototype.sort` with a comparing function takes five times as long
 * on 100,000 items, and a click waits for it. Keys must not be NaN.
 */
export function sortByKey(items: Int32Array, keys: Float64Array, from = 0, to = items.length): void {
  for (let start = from; start < to; start += RUN) {
    insertionSort(items, keys, start, Math.min(start + RUN, to));
  }
  if (to - from <= RUN) {
    return;
  }
  let sourceItems = items;
  let sourceKeys = keys;
  let source = from;
  let targetItems = new Int32Array(to - from);
  let targetKeys = new Float64Array(to - from);
  let target = 0;
  const length = to - from;
  for (let width = RUN; width < length; width *= 2) {
    for (let start = 0; start < length; start += 2 * width) {
      const middle = Math.min(start + width, length);
      const end = Math.min(start + 2 * width, length);
      let left = source + start;
      let right = source + middle;
      const leftEnd = source + middle;
      const rightEnd = source + end;
      let out = target + start;
      // Often in order already: then both halves are copied as they are.
      if (right < rightEnd && sourceKeys[leftEnd - 1]! > sourceKeys[right]!) {
        while (left < leftEnd && right < rightEnd) {
          const leftKey = sourceKeys[left]!;
          const rightKey = sourceKeys[right]!;
          if (leftKey <= rightKey) {
            targetKeys[out] = leftKey;
            targetItems[out] = sourceItems[left]!;
            left += 1;
          } else {
            targetKeys[out] = rightKey;
            targetItems[out] = sourceItems[right]!;
            right += 1;
          }
          out += 1;
        }
      }
      for (; left < leftEnd; left += 1, out += 1) {
        targetKeys[out] = sourceKeys[left]!;
        targetItems[out] = sourceItems[left]!;
      }
      for (; right < rightEnd; right += 1, out += 1) {
        targetKeys[out] = sourceKeys[right]!;
        targetItems[out] = sourceItems[right]!;
      }
    }
    [sourceItems, targetItems] = [targetItems, sourceItems as Int32Array<ArrayBuffer>];
    [sourceKeys, targetKeys] = [targetKeys, sourceKeys as Float64Array<ArrayBuffer>];
    [source, target] = [target, source];
  }
  if (sourceItems !== items) {
    items.set(sourceItems, from);
    keys.set(sourceKeys, from);
  }
}

function insertionSort(items: Int32Array, keys: Float64Array, from: number, to: number): void {
  for (let next = from + 1; next < to; next += 1) {
    const item = items[next]!;
    const key = keys[next]!;
    let place = next;
    while (place > from && keys[place - 1]! > key) {
      items[place] = items[place - 1]!;
      keys[place] = keys[place - 1]!;
      place -= 1;
    }
    items[place] = item;
    keys[place] = key;
  }
}
