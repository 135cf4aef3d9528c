import { create } from 'zustand';
import { activateTab } from './workspace.ts';

/** What the home tab shows beside the list of profiles. */
type HomeView =
  | { readonly kind: 'details' }
  | { readonly kind: 'new' }
  | { readonly kind: 'edit'; readonly profileId: string };

interface HomeState {
  readonly selected: string | undefined;
  readonly view: HomeView;
  /** Counts the forms that were opened. Home may not be drawn between closing one form and opening the next. */
  readonly formSerial: number;
  /** The group that a new connection begins in. */
  readonly newGroup: string;
}

export const useHome = create<HomeState>(() => ({
  selected: undefined,
  view: { kind: 'details' },
  formSerial: 0,
  newGroup: '',
}));

/** Chooses a profile in the list and shows what it is. */
export function selectProfile(profileId: string | undefined): void {
  useHome.setState({ selected: profileId, view: { kind: 'details' } });
}

/** Opens the empty form at home. */
export function newConnection(group = ''): void {
  useHome.setState(({ view, formSerial }) =>
    view.kind === 'new' ? {} : { view: { kind: 'new' }, formSerial: formSerial + 1, newGroup: group },
  );
  activateTab('home');
}

/** Opens the form of a profile at home. */
export function editProfile(profileId: string): void {
  useHome.setState(({ view, formSerial }) =>
    view.kind === 'edit' && view.profileId === profileId
      ? {}
      : { selected: profileId, view: { kind: 'edit', profileId }, formSerial: formSerial + 1 },
  );
  activateTab('home');
}

/** Back to the details, with `profileId` (if given) selected. */
export function closeForm(profileId?: string): void {
  useHome.setState((state) => ({
    selected: profileId ?? state.selected,
    view: { kind: 'details' },
    formSerial: 0,
  }));
}
