import { create } from 'zustand';
import { ContractClient, closedFailure } from '#app/contract/client.ts';
import { type Failure, FailureError, toFailure } from '#app/contract/failure.ts';
import { openTransport } from './open-transport.ts';
import { readToken } from './token.ts';

/** The window's line to the engine. `epoch` counts up with each new line: feeds are opened anew then. */
type EngineState =
  | { readonly kind: 'connecting'; readonly epoch: number; readonly client?: undefined }
  | { readonly kind: 'connected'; readonly epoch: number; readonly client: ContractClient }
  | {
      readonly kind: 'refused';
      readonly epoch: number;
      readonly client?: undefined;
      readonly failure: Failure;
    };

export const useEngine = create<EngineState>(() => ({ kind: 'connecting', epoch: 0 }));

/** Milliseconds between two tries to reach an engine that went away. */
const RETRY_DELAY = 1000;
let isRunning = false;

/** Connects and stays connected: a lost line is opened again until it holds. A refused token ends it. */
export async function startEngine(): Promise<void> {
  if (isRunning) {
    return;
  }
  isRunning = true;
  for (;;) {
    const { epoch } = useEngine.getState();
    let client: ContractClient | undefined;
    try {
      client = new ContractClient(await openTransport());
      const line = client;
      const lost = new Promise<void>((resolve) => line.onDidClose(resolve));
      await client.connect(readToken());
      useEngine.setState({ kind: 'connected', epoch: epoch + 1, client }, true);
      await lost;
      useEngine.setState({ kind: 'connecting', epoch: epoch + 2 }, true);
    } catch (error) {
      // A line that came up but did not agree must not stay open beside the next one.
      client?.dispose();
      const failure = toFailure(error);
      if (failure.code === 'access.denied' || failure.code === 'contract.version') {
        useEngine.setState({ kind: 'refused', epoch: epoch + 1, failure }, true);
        isRunning = false;
        return;
      }
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_DELAY));
  }
}

/** The client for calls made on a user's action; throws a `contract.closed` failure while the line is down. */
export function engineClient(): ContractClient {
  const { client } = useEngine.getState();
  if (client === undefined) {
    throw new FailureError(closedFailure);
  }
  return client;
}
