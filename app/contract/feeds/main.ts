import { z } from 'zod';
import type { Profile } from '../../profile/profile.ts';
import type { Environment } from '../../profile/variables.ts';
import { defineFeed } from '../define.ts';
import type { DiagnosisProgress } from '../operations/diagnosis.ts';
import type { ConnectionState } from '../session-state.ts';
import type { Settings } from '../settings.ts';
import { jobsFeeds } from './automation.ts';
import { libraryFeeds } from './library.ts';
import { replyRulesFeeds } from './replies.ts';
import { keptScriptsFeeds } from './scripts.ts';

/** What the engine has to tell the user outside of any one action: a damaged file, a failed session. */
export interface Notice {
  readonly id: string;
  readonly level: 'info' | 'warning' | 'error';
  readonly message: string;
  readonly hint?: string;
  readonly detail?: string;
  readonly at: number;
}

/**
 * What the list of connections shows of a profile; all that may be large is in the feed `profile`. Path, client ID and
 * user name are cut: they are for finding it.
 */
export type ProfileSummary = Pick<
  Profile,
  | 'id'
  | 'name'
  | 'color'
  | 'group'
  | 'autoConnect'
  | 'guard'
  | 'protocol'
  | 'host'
  | 'port'
  | 'path'
  | 'clientId'
  | 'username'
> & { readonly environmentId?: string };

/** What a session's profile names with the variables of its environment filled in. */
export type ResolvedNames = Pick<Profile, 'host' | 'path' | 'clientId' | 'username'> & {
  readonly willTopic: string;
};

/** A tab. */
export interface SessionSummary {
  readonly sessionId: string;
  readonly profileId: string;
  /** The profile as it is now; of a temporary session the one made up for it. */
  readonly profile: Profile;
  readonly temporary: boolean;
  readonly state: ConnectionState;
  /** Present where the profile uses variables; those that are missing stand as they are. */
  readonly resolved?: ResolvedNames;
  /** It was to connect and waits for the user name and the password, which are not kept: `sessions.connect` takes them. */
  readonly awaitsSignIn?: boolean;
  /** Topic of the will that the broker holds for this connection. */
  readonly willArmed?: string;
  /** Changes when the worker had to be restarted: ids of topics and messages of an older one are void. */
  readonly generation: number;
}

export const mainFeeds = {
  /** All of them, in the user's order. */
  profiles: defineFeed<{ readonly profiles: readonly ProfileSummary[] }>()(z.object({})),
  /** One of them, whole; absent when there is none of this id. */
  profile: defineFeed<{ readonly profile?: Profile }>()(z.object({ profileId: z.string().min(1).max(64) })),
  sessions: defineFeed<{ readonly sessions: readonly SessionSummary[] }>()(z.object({})),
  settings: defineFeed<Settings>()(z.object({})),
  environments: defineFeed<{ readonly environments: readonly Environment[] }>()(z.object({})),
  /** What a run of `connection.test` or another diagnosis does; its answer is the operation's. */
  diagnosis: defineFeed<DiagnosisProgress>()(z.object({ runId: z.string().min(1).max(64) })),
  ...jobsFeeds,
  ...libraryFeeds,
  ...replyRulesFeeds,
  ...keptScriptsFeeds,
  notices: defineFeed<{ readonly notices: readonly Notice[] }>()(z.object({})),
};
