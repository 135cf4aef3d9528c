import { useEffect, useRef, useState } from 'react';
import type { Script } from '#app/script/script.ts';
import { named, type Scripts, useKeptOnLeave } from './use-scripts.ts';

export interface ScriptDraft {
  /** The chosen script with what was typed into it; `undefined`: there is none. */
  readonly shown: Script | undefined;
  readonly isUnsaved: boolean;
  edit(patch: Partial<Omit<Script, 'id'>>): void;
  /** Resolves with the script as it is kept, under a name; `undefined`: it could not be kept, and stays on the screen. */
  save(): Promise<Script | undefined>;
  choose(scriptId: string): Promise<void>;
  /** Keeps a new script and shows it. */
  add(script: Script): Promise<void>;
  /** Of the shown script; what was typed into it is given up once it is gone. */
  remove(): Promise<void>;
}

/**
 * Which script of a list is shown, and what was typed into it. That is given up only when it is kept, or removed with
 * the script; what is typed while something else is kept stays on the screen.
 */
export function useScriptDraft({ scripts, keep, remove }: Scripts): ScriptDraft {
  const [chosenId, setChosenId] = useState<string | undefined>(undefined);
  const [draft, setDraft] = useState<Script | undefined>(undefined);
  // What was typed is of the script that it was typed into, also where the list does not have that yet.
  const kept =
    draft === undefined
      ? (scripts.find(({ id }) => id === chosenId) ?? scripts[0])
      : scripts.find(({ id }) => id === draft.id);
  const shown = draft ?? kept;
  const isUnsaved = draft !== undefined && !isSame(draft, kept);
  const latest = useRef({ draft, isUnsaved });
  latest.current = { draft, isUnsaved };

  useKeptOnLeave(isUnsaved ? draft : undefined, keep);
  useEffect(() => {
    if (kept !== undefined && !isUnsaved) {
      setDraft((current) => (isSame(current, kept) ? undefined : current));
    }
  }, [kept, isUnsaved]);

  /** Keeps what was typed. False: it could not be kept, or more was typed meanwhile. */
  const leave = async () => {
    if (draft === undefined || !isUnsaved) {
      return true;
    }
    return (await keep(named(draft))) && !typedSince(draft);
  };
  const typedSince = (before: Script | undefined) => {
    const { current } = latest;
    return current.isUnsaved && !isSame(current.draft, before);
  };
  return {
    shown,
    isUnsaved,
    edit(patch) {
      if (shown !== undefined) {
        setChosenId(shown.id);
        setDraft({ ...shown, ...patch });
      }
    },
    async save() {
      if (shown === undefined) {
        return undefined;
      }
      const script = named(shown);
      if (!(await keep(script))) {
        return undefined;
      }
      setDraft((current) => (isSame(current, shown) ? undefined : current));
      return script;
    },
    async choose(scriptId) {
      if (scriptId !== shown?.id && (await leave())) {
        setDraft(undefined);
        setChosenId(scriptId);
      }
    },
    async add(script) {
      if ((await leave()) && (await keep(script)) && !typedSince(draft)) {
        setChosenId(script.id);
        setDraft(script);
      }
    },
    async remove() {
      if (shown !== undefined && (await remove(shown))) {
        setDraft((current) => (current?.id === shown.id ? undefined : current));
      }
    },
  };
}

function isSame(one: Script | undefined, other: Script | undefined): boolean {
  return one?.id === other?.id && one?.source === other?.source && one?.name === other?.name;
}
