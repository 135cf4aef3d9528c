import { create } from 'zustand';
import type { Notice, ProfileSummary, SessionSummary } from '#app/contract/feeds/main.ts';
import { type Settings, settingsSchema } from '#app/contract/settings.ts';
import type { Environment } from '#app/profile/variables.ts';

/** The engine's small lists as the window last heard of them. `undefined`: not heard yet. */
interface EngineData {
  readonly profiles: readonly ProfileSummary[] | undefined;
  readonly sessions: readonly SessionSummary[] | undefined;
  readonly settings: Settings | undefined;
  readonly environments: readonly Environment[];
  readonly notices: readonly Notice[];
}

/** Written by `app-feeds.tsx` only; components and commands read it. */
export const useEngineData = create<EngineData>(() => ({
  profiles: undefined,
  sessions: undefined,
  settings: undefined,
  environments: [],
  notices: [],
}));

const noSessions: readonly SessionSummary[] = [];
const noProfiles: readonly ProfileSummary[] = [];
const defaults: Settings = settingsSchema.parse({});

/** The open sessions in the order of their tabs. */
export function useSessions(): readonly SessionSummary[] {
  return useEngineData((state) => state.sessions ?? noSessions);
}

/** One session, or `undefined` once it is closed. */
export function useSession(sessionId: string): SessionSummary | undefined {
  return useEngineData((state) => state.sessions?.find((session) => session.sessionId === sessionId));
}

export function useProfiles(): readonly ProfileSummary[] {
  return useEngineData((state) => state.profiles ?? noProfiles);
}

/** All environments, in the order in which they were made. */
export function useEnvironments(): readonly Environment[] {
  return useEngineData((state) => state.environments);
}

/** One environment; `undefined` for none, or one that is gone. */
export function useEnvironment(environmentId: string | undefined): Environment | undefined {
  return useEngineData((state) => state.environments.find(({ id }) => id === environmentId));
}

/** The settings, or their defaults until the engine has told. */
export function useSettings(): Settings {
  return useEngineData((state) => state.settings ?? defaults);
}
