/**
 * How the log's memory is made known to other threads. All buffers are SharedArrayBuffers with one writer,
 * the session worker. Owned by the module `message-log.ts`; read through `log-reader.ts`.
 */
export type SharedLogUpdate =
  | { readonly type: 'open'; readonly control: SharedArrayBuffer }
  | { readonly type: 'segment'; readonly index: number; readonly columns: SharedArrayBuffer }
  | { readonly type: 'arena'; readonly index: number; readonly bytes: SharedArrayBuffer }
  | { readonly type: 'drop-segment'; readonly index: number }
  | { readonly type: 'drop-arena'; readonly index: number };
