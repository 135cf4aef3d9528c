/** The list with the item at `from` at `to`; both count in the list as it is. */
export function moveItem<T>(items: readonly T[], from: number, to: number): readonly T[] {
  const moved = [...items];
  moved.splice(to, 0, ...moved.splice(from, 1));
  return moved;
}
