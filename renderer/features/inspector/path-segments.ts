/** One level of a topic. */
export interface PathSegment {
  /** Raw; may be empty. */
  readonly name: string;
  /** The topic down to this level. */
  readonly path: string;
  readonly isLast: boolean;
}

/** Beyond, levels are not told apart on screen. */
const MAX_SEGMENTS = 16;
const MAX_LENGTH = 200;

/** The levels of a topic, or `undefined` for one that is too long to show them one by one. */
export function pathSegments(topic: string): readonly PathSegment[] | undefined {
  if (topic.length > MAX_LENGTH) {
    return undefined;
  }
  const names = topic.split('/');
  if (names.length > MAX_SEGMENTS) {
    return undefined;
  }
  let end = -1;
  return names.map((name, index) => {
    end += name.length + 1;
    return { name, path: topic.slice(0, end), isLast: index === names.length - 1 };
  });
}
