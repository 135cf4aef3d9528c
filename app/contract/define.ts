import type { z } from 'zod';

/** One operation: the schema that its input is parsed with on arrival, and the type of its answer. */
export interface Operation<Input extends z.ZodType, Output> {
  readonly input: Input;
  /** Milliseconds after which the client reports `contract.timeout`. */
  readonly timeout: number;
  /** Exists for the type only. */
  readonly output?: Output;
}

/** Names the output type, then takes the input schema: `defineOperation<{ id: string }>()(z.object({...}))`. */
export function defineOperation<Output>() {
  return <Input extends z.ZodType>(input: Input, timeout = 30_000): Operation<Input, Output> => ({
    input,
    timeout,
  });
}

/** One feed: the schema of its parameters and the type of the window it sends. */
export interface Feed<Params extends z.ZodType, Window> {
  readonly params: Params;
  readonly window?: Window;
}

export function defineFeed<Window>() {
  return <Params extends z.ZodType>(params: Params): Feed<Params, Window> => ({ params });
}

export type OperationMap = Readonly<Record<string, Operation<z.ZodType, unknown>>>;
export type FeedMap = Readonly<Record<string, Feed<z.ZodType, unknown>>>;

export type InputOf<O> = O extends Operation<infer Input, unknown> ? z.input<Input> : never;
export type ParsedInputOf<O> = O extends Operation<infer Input, unknown> ? z.output<Input> : never;
export type OutputOf<O> = O extends Operation<z.ZodType, infer Output> ? Output : never;
export type ParamsOf<F> = F extends Feed<infer Params, unknown> ? z.input<Params> : never;
export type ParsedParamsOf<F> = F extends Feed<infer Params, unknown> ? z.output<Params> : never;
export type WindowOf<F> = F extends Feed<z.ZodType, infer Window> ? Window : never;
